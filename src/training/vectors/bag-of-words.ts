import type {EncodedText} from '../../models/encoded-text.ts';
import type {Sentences} from './taught-corpus.ts';
import type {VectorRows} from '../../math/vector-rows.ts';

/** What the teacher's vectors say of single tokens: the mean of all sentences, and each token's distance from it. */
export interface TokenVectors {
  readonly dim: number;
  /** [dim] */
  readonly mean: Float64Array;
  /** [token, dim]; zeros for a token that occurs nowhere. */
  readonly table: Float32Array;
}

/**
 * A token's vector is the weighted mean of the teacher's vectors of the sentences that hold it, less the mean of all
 * sentences. One pass; row i of `teacher` belongs to training[i].
 */
export const tokenVectors = (training: Sentences, teacher: VectorRows, vocabulary: number): TokenVectors => {
  const {dim} = teacher;
  const table = new Float32Array(vocabulary * dim);
  const mass = new Float64Array(vocabulary);
  const mean = new Float64Array(dim);
  for (let at = 0; at < training.length; at++) {
    const {ids, weights} = training.at(at)!;
    const target = teacher.row(at);
    for (let d = 0; d < dim; d++) mean[d]! += target[d]! / training.length;
    for (const [token, id] of ids.entries()) {
      const weight = weights[token]!;
      mass[id]! += weight;
      for (let d = 0, to = id * dim; d < dim; d++, to++) table[to]! += weight * target[d]!;
    }
  }
  for (let id = 0; id < vocabulary; id++) {
    if (mass[id] === 0) continue;
    for (let d = 0, to = id * dim; d < dim; d++, to++) table[to] = table[to]! / mass[id]! - mean[d]!;
  }
  return {dim, mean, table};
};

/**
 * The baseline without a network: a sentence is the mean of all plus the weighted sum of its tokens' vectors. No word
 * order, nothing trained. Returns [sentence, dim].
 */
export const bagOfWordsVectors = (tokens: TokenVectors, sentences: readonly EncodedText[]): Float32Array => {
  const {dim, mean, table} = tokens;
  const vectors = new Float32Array(sentences.length * dim);
  for (const [at, {ids, weights}] of sentences.entries()) {
    const vector = vectors.subarray(at * dim, (at + 1) * dim);
    vector.set(mean);
    for (const [token, id] of ids.entries()) {
      const weight = weights[token]!;
      for (let d = 0, from = id * dim; d < dim; d++, from++) vector[d]! += weight * table[from]!;
    }
  }
  return vectors;
};
