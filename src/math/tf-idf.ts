import {type SparseFeatureRows, type SparseRow, sparseRows} from './feature-rows.ts';

/**
 * A document's TF-IDF values as scikit-learn's TfidfVectorizer has them: count × IDF (`sublinear`: 1 + ln count instead of
 * the count), divided by their Euclidean length. `document` are word ids, −1 for words that have no column. A document
 * without any known word is an empty row.
 */
export const tfIdfRow = (
  document: ArrayLike<number>,
  idf: ArrayLike<number>,
  {sublinear = false}: {readonly sublinear?: boolean} = {},
): SparseRow => {
  const counts = new Map<number, number>();
  for (let at = 0; at < document.length; at++) {
    const id = document[at]!;
    if (id >= 0) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  // In the order of columns, so that sums come out the same however the words stood.
  const columns = [...counts.keys()].sort((a, b) => a - b);
  let squares = 0;
  const values = columns.map(id => {
    const count = counts.get(id)!;
    const value = (sublinear ? 1 + Math.log(count) : count) * (idf[id] ?? 0);
    squares += value * value;
    return value;
  });
  const length = Math.sqrt(squares) || 1;
  for (let at = 0; at < values.length; at++) values[at]! /= length;
  return {columns, values};
};

/** The rows of many documents, with a column for each number of `idf`. */
export const tfIdfRows = (documents: readonly Int32Array[], idf: ArrayLike<number>): SparseFeatureRows =>
  sparseRows(
    documents.map(document => tfIdfRow(document, idf)),
    idf.length,
  );
