import {readArrow} from '../../io/arrow.ts';
import type {Vocabulary} from '../../text/vocabulary.ts';
import type {TokenVectors} from './bag-of-words.ts';

/**
 * What a teacher says of each token by itself, from the file of the stage embed-tokens (columns token, vector): vectors less
 * their mean. Tokens that the file lacks, padding and unknown have zeros.
 */
export const readTokenVectors = (file: string, vocabulary: Vocabulary): TokenVectors => {
  const source = readArrow(file);
  const vectors = source.vectors('vector');
  const rowOf = new Map(source.strings('token').map((token, row) => [token, row]));
  const {dim} = vectors;
  const table = new Float32Array(vocabulary.size * dim);
  const mean = new Float64Array(dim);
  const known = vocabulary.tokens.flatMap(token => {
    const row = rowOf.get(token);
    return row === undefined ? [] : [{id: vocabulary.id(token), row}];
  });
  if (known.length === 0)
    throw new Error(
      `${file} has none of the student's ${vocabulary.tokens.length} tokens; was it made for another unit?`,
    );
  for (const {row} of known) vectors.row(row).forEach((value, at) => (mean[at]! += value / known.length));
  for (const {id, row} of known) vectors.row(row).forEach((value, at) => (table[id * dim + at] = value - mean[at]!));
  return {dim, mean, table};
};
