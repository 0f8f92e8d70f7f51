import {readWordNet} from '../../io/wordnet.ts';

/** Single words that share a sense with a word in WordNet, in the order of its senses; word and result in lower case. */
export const openSynonyms = (): ((word: string) => readonly string[]) => {
  const others = new Map<string, Set<string>>();
  for (const {lemmas} of readWordNet()) {
    const words = [...new Set(lemmas.map(lemma => lemma.toLowerCase()).filter(lemma => /^\p{L}+$/u.test(lemma)))];
    if (words.length < 2) continue;
    for (const word of words) {
      let known = others.get(word);
      if (!known) others.set(word, (known = new Set()));
      for (const other of words) if (other !== word) known.add(other);
    }
  }
  return word => [...(others.get(word) ?? [])];
};
