import {readFileSync} from 'node:fs';

import {expect, test} from 'vitest';
import {fc} from '../seeded.ts';
import {documentFrequencies, smoothedIdf, tokenWeights} from '../../src/math/idf.ts';
import {openSegmenter} from '../../src/text/words.ts';

interface Expected {
  readonly cases: readonly {
    readonly language: 'en' | 'zh';
    readonly texts: readonly string[];
    /** Word → [document frequency, idf]. */
    readonly words: Readonly<Record<string, readonly [number, number]>>;
  }[];
}
const expected = JSON.parse(readFileSync(new URL('../expected/idf-sklearn.json', import.meta.url), 'utf8')) as Expected;

test.each(expected.cases)('equals scikit-learn word by word: $language', async ({language, texts, words}) => {
  const segment = await openSegmenter(language);
  const {documents, frequencies} = documentFrequencies(texts.map(segment));
  expect(documents).toBe(texts.length);
  expect(Object.fromEntries(frequencies)).toEqual(
    Object.fromEntries(Object.entries(words).map(([word, [frequency]]) => [word, frequency])),
  );
  for (const [frequency, idf] of Object.values(words)) {
    expect(smoothedIdf(documents, frequency)).toBeCloseTo(idf, 14);
  }
});

test('a word of every document has IDF 1, an unknown one the highest', () => {
  expect(smoothedIdf(10, 10)).toBe(1);
  expect(smoothedIdf(10, 0)).toBeCloseTo(Math.log(11) + 1, 15);
  expect(() => smoothedIdf(10, 11)).toThrow('found a document frequency of 11');
});

test('weights by hand: IDF 4 on two pieces, IDF 1 on one, smoothing 0.5', () => {
  // (4/2 + .5) twice, 1 + .5: 2.5, 2.5, 1.5 of 6.5.
  expect([...tokenWeights([4, 1], [2, 1], 0.5)]).toEqual([2.5 / 6.5, 2.5 / 6.5, 1.5 / 6.5]);
});

test('weights sum to 1, one for each piece, none negative', () => {
  const word = fc.record({idf: fc.double({min: 0, max: 15, noNaN: true}), pieces: fc.integer({min: 0, max: 6})});
  fc.assert(
    fc.property(fc.array(word), fc.double({min: 0, max: 2, noNaN: true}), (sentence, smoothing) => {
      const weights = tokenWeights(
        sentence.map(({idf}) => idf),
        sentence.map(({pieces}) => pieces),
        smoothing,
      );
      const pieces = sentence.reduce((sum, each) => sum + each.pieces, 0);
      expect(weights).toHaveLength(pieces);
      if (pieces > 0) expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
      expect(weights.every(weight => weight >= 0)).toBe(true);
    }),
  );
});

test('no words, no weights; without any IDF all pieces are equal', () => {
  expect([...tokenWeights([], [], 0.1)]).toEqual([]);
  expect([...tokenWeights([0, 0], [1, 3], 0)]).toEqual([0.25, 0.25, 0.25, 0.25]);
  expect(() => tokenWeights([1], [1, 2], 0)).toThrow('found 1 for 2 words');
});
