import type {SparseRows} from './randomized-svd.ts';

/**
 * TF-IDF rows as scikit-learn's TfidfVectorizer has them by default: count × IDF, divided by the row's Euclidean length.
 * `documents` are word ids, −1 for words that have no column. A document without any known word is an empty row.
 */
export const tfIdfRows = (documents: readonly Int32Array[], idf: ArrayLike<number>): SparseRows => {
  const starts = new Int32Array(documents.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (const [row, document] of documents.entries()) {
    const counts = new Map<number, number>();
    for (const id of document) if (id >= 0) counts.set(id, (counts.get(id) ?? 0) + 1);
    let squares = 0;
    const first = values.length;
    // In the order of columns, so that sums come out the same however the words stood.
    for (const [id, count] of [...counts].sort(([a], [b]) => a - b)) {
      const value = count * (idf[id] ?? 0);
      columns.push(id);
      values.push(value);
      squares += value * value;
    }
    for (let at = first; at < values.length; at++) values[at]! /= Math.sqrt(squares) || 1;
    starts[row + 1] = values.length;
  }
  return {
    rows: documents.length,
    width: idf.length,
    starts,
    columns: Int32Array.from(columns),
    values: Float64Array.from(values),
  };
};
