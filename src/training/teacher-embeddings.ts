import {randomizedSvd} from '../math/randomized-svd.ts';
import type {Random} from '../math/random.ts';
import {unknownId} from '../text/vocabulary.ts';
import type {TokenVectors} from './bag-of-words.ts';

/** So many of the most frequent tokens give the axes; the rest are only projected onto them. */
const forAxes = 4000;
/** Standard deviation of random embeddings (initBilstm): these shall start no larger and no smaller. */
const deviation = 0.1;

/**
 * Embeddings to start a student from, [token, width]: the principal components of what the teacher says of each token.
 * Token ids go from frequent to rare; padding stays zero.
 */
export const teacherEmbeddings = ({dim, table}: TokenVectors, width: number, random: Random): Float32Array => {
  const rank = Math.min(width, dim);
  const axes = principalAxes(table, dim, rank, random); // [dim, rank]
  const vocabulary = table.length / dim;
  const embeddings = new Float32Array(vocabulary * width);
  let squares = 0;
  for (let id = unknownId; id < vocabulary; id++) {
    for (let d = 0; d < dim; d++) {
      const value = table[id * dim + d]!;
      for (let j = 0; j < rank; j++) embeddings[id * width + j]! += value * axes[d * rank + j]!;
    }
    for (let j = 0; j < rank; j++) squares += embeddings[id * width + j]! ** 2;
  }
  const scale = squares > 0 ? deviation / Math.sqrt(squares / (vocabulary * rank)) : 1;
  return embeddings.map(value => value * scale);
};

/** The first `rank` eigenvectors of the covariance of the most frequent tokens' vectors (which are centred): [dim, rank]. */
const principalAxes = (table: Float32Array, dim: number, rank: number, random: Random): Float64Array => {
  const covariance = new Float64Array(dim * dim);
  const last = Math.min(table.length / dim, unknownId + forAxes);
  for (let id = unknownId; id < last; id++) {
    const row = table.subarray(id * dim, (id + 1) * dim);
    for (let i = 0; i < dim; i++) {
      const value = row[i]!;
      for (let j = 0; j < dim; j++) covariance[i * dim + j]! += value * row[j]!;
    }
  }
  const columns = Int32Array.from(covariance, (_, at) => at % dim);
  const starts = Int32Array.from({length: dim + 1}, (_, row) => row * dim);
  return randomizedSvd({rows: dim, width: dim, starts, columns, values: covariance}, {rank, random}).right;
};
