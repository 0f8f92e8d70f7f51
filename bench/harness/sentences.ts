import {readWordNet} from '../../src/io/wordnet.ts';

/** Definitions of WordNet, spread over all of it: the same texts in every run. */
export const benchSentences = (count: number): string[] => {
  const all = Array.from(readWordNet(), synset => synset.definition);
  return Array.from({length: count}, (_, index) => all[Math.floor((index * all.length) / count)]!);
};
