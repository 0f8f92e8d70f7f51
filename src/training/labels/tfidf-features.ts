import {type FeatureRows, type SparseRow, sparseRows} from '../../math/feature-rows.ts';
import {documentFrequencies, smoothedIdf} from '../../math/idf.ts';
import {tfIdfRow} from '../../math/tf-idf.ts';
import type {Segmenter} from '../../text/words.ts';
import type {Example, Task} from '../../tasks/task.ts';

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
  const terms = [...frequencies];
  const columns = new Map(terms.map(([term], column) => [term, column]));
  const idf = Float64Array.from(terms, ([, count]) => smoothedIdf(documents, count));
  const size = idf.length;
  const vectorOf = (text: string): SparseRow =>
    tfIdfRow(
      termsOf(text).map(term => columns.get(term) ?? -1),
      idf,
      {sublinear: true},
    );

  return wanted =>
    isPair
      ? sparseRows(
          wanted.map(({text1, text2}) => pairRow(vectorOf(text1), vectorOf(text2 ?? ''), size)),
          4 * size + 1,
        )
      : sparseRows(
          wanted.map(({text1}) => vectorOf(text1)),
          size,
        );
};

const pairRow = (u: SparseRow, v: SparseRow, size: number): SparseRow => {
  const columns: number[] = [];
  const values: number[] = [];
  const add = (block: number, column: number, value: number): void => {
    if (value === 0) return;
    columns.push(block * size + column);
    values.push(value);
  };
  const second = new Map(v.columns.map((column, at) => [column, v.values[at]!]));
  let cosine = 0;
  u.columns.forEach((column, at) => {
    const value = u.values[at]!;
    const other = second.get(column) ?? 0;
    add(0, column, value);
    add(2, column, Math.abs(value - other));
    add(3, column, value * other);
    cosine += value * other;
  });
  const first = new Set(u.columns);
  v.columns.forEach((column, at) => {
    add(1, column, v.values[at]!);
    if (!first.has(column)) add(2, column, v.values[at]!);
  });
  add(4, 0, cosineWeight * cosine);
  return {columns, values};
};
