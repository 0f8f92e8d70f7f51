import {type FeatureRows, sparseRows} from '../math/feature-rows.ts';
import {documentFrequencies, smoothedIdf} from '../math/idf.ts';
import type {Segmenter} from '../text/words.ts';
import type {Example, Task} from './task.ts';

type Sparse = Map<number, number>;

/** Pairs have four blocks of word features; one more, their cosine, weighs as much as a few words. */
const cosineWeight = 3;

/**
 * Word features fitted to labelled examples: sublinear TF (1 + ln tf) times smoothed IDF, each text's vector of length 1, as
 * scikit-learn's `TfidfVectorizer(sublinear_tf=True)`. A single sentence has words and word pairs; a pair of texts u, v has
 * words in the blocks [u, v, |u − v|, u·v] and the cosine of u and v.
 */
export const fitTfidf = (
  task: Pick<Task, 'shape'>,
  examples: readonly Example[],
  words: Segmenter,
): ((examples: readonly Example[]) => FeatureRows) => {
  const isPair = task.shape === 'pair';
  const termsOf = (text: string): string[] => {
    const tokens = words(text).filter(word => /[\p{L}\p{N}]/u.test(word));
    return isPair ? tokens : [...tokens, ...tokens.slice(1).map((token, at) => `${tokens[at]} ${token}`)];
  };
  const fitted = examples.flatMap(({text1, text2}) => [text1, ...(text2 === null ? [] : [text2])]).map(termsOf);
  const {documents, frequencies} = documentFrequencies(fitted);
  const known = new Map(
    [...frequencies].map(([term, count], column) => [term, {column, idf: smoothedIdf(documents, count)}]),
  );
  const size = known.size;

  const vectorOf = (text: string): Sparse => {
    const counts = new Map<string, number>();
    for (const term of termsOf(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
    const vector: Sparse = new Map();
    for (const [term, count] of counts) {
      const entry = known.get(term);
      if (entry) vector.set(entry.column, (1 + Math.log(count)) * entry.idf);
    }
    const norm = Math.sqrt([...vector.values()].reduce((sum, value) => sum + value * value, 0));
    for (const [column, value] of vector) vector.set(column, value / norm);
    return vector;
  };

  return wanted => {
    if (!isPair)
      return sparseRows(
        wanted.map(({text1}) => vectorOf(text1)),
        size,
      );
    const rows = wanted.map(({text1, text2}) => pairRow(vectorOf(text1), vectorOf(text2 ?? ''), size));
    return sparseRows(rows, 4 * size + 1);
  };
};

const pairRow = (u: Sparse, v: Sparse, size: number): Sparse => {
  const row: Sparse = new Map();
  let cosine = 0;
  for (const [column, value] of u) {
    const other = v.get(column) ?? 0;
    row.set(column, value);
    if (value !== other) row.set(2 * size + column, Math.abs(value - other));
    if (other !== 0) row.set(3 * size + column, value * other);
    cosine += value * other;
  }
  for (const [column, value] of v) {
    row.set(size + column, value);
    if (!u.has(column)) row.set(2 * size + column, value);
  }
  return row.set(4 * size, cosineWeight * cosine);
};
