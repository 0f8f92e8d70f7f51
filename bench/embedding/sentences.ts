import {readBrown} from '../../src/io/brown.ts';
import {readWordNet} from '../../src/io/wordnet.ts';

/**
 * Real sentences, the same in every run: by turns one of the Brown corpus and one definition of WordNet, spread over all
 * of both; 19 pieces of MiniLM each in the mean. Repeated where more are asked for than there are (174,000).
 */
export const mixedSentences = (count: number): string[] => {
  const sources = [
    Array.from(readBrown(), sentence => sentence.text),
    Array.from(readWordNet(), synset => synset.definition),
  ];
  return Array.from({length: count}, (_, index) => {
    const source = sources[index % sources.length]!;
    return source[Math.floor((index * source.length) / count) % source.length]!;
  });
};
