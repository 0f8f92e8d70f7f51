import type {EncodedText} from '../models/student-tokens.ts';
import type {VectorRows} from './similarity.ts';

/**
 * The baseline without a network: a token's vector is the weighted mean of the teacher's vectors of the training
 * sentences that hold it, less the mean of all; a sentence is the weighted sum of its tokens, plus that mean.
 * One pass over the training sentences, no word order. Returns [sentence, dim] for `sentences`.
 */
export const bagOfWordsVectors = (options: {
  readonly training: readonly EncodedText[];
  /** Row i belongs to training[i]. */
  readonly teacher: VectorRows;
  readonly sentences: readonly EncodedText[];
  readonly vocabulary: number;
}): Float32Array => {
  const {training, teacher, sentences, vocabulary} = options;
  const {dim} = teacher;
  const table = new Float32Array(vocabulary * dim);
  const mass = new Float64Array(vocabulary);
  const mean = new Float64Array(dim);
  for (const [at, {ids, weights}] of training.entries()) {
    const target = teacher.row(at);
    for (let d = 0; d < dim; d++) mean[d]! += target[d]! / training.length;
    for (const [token, id] of ids.entries()) {
      const weight = weights[token]!;
      mass[id]! += weight;
      for (let d = 0; d < dim; d++) table[id * dim + d]! += weight * target[d]!;
    }
  }
  const vectors = new Float32Array(sentences.length * dim);
  for (const [at, {ids, weights}] of sentences.entries()) {
    const vector = vectors.subarray(at * dim, (at + 1) * dim);
    for (const [token, id] of ids.entries()) {
      const scale = mass[id]! > 0 ? weights[token]! / mass[id]! : 0;
      if (scale > 0)
        for (let d = 0; d < dim; d++) vector[d]! += scale * table[id * dim + d]! - weights[token]! * mean[d]!;
    }
    for (let d = 0; d < dim; d++) vector[d]! += mean[d]!;
  }
  return vectors;
};
