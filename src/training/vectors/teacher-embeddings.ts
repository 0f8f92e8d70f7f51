import * as tf from '@tensorflow/tfjs-core';
import {createPredictor} from '../../engine/predictor.ts';
import type {BatchInput, Engine, ForwardFunction} from '../../engine/types.ts';
import {randomizedSvd} from '../../math/randomized-svd.ts';
import type {Random} from '../../math/random.ts';
import {unknownId} from '../../text/vocabulary.ts';
import type {TokenVectors} from './bag-of-words.ts';

/** So many of the most frequent tokens give the axes; the rest are only projected onto them. */
const forAxes = 4000;

export interface TeacherEmbeddingsOptions {
  readonly width: number;
  /** Standard deviation of the result; random embeddings have .1. */
  readonly deviation: number;
  readonly random: Random;
  readonly engine: Engine;
}

/**
 * Embeddings to start a student from, [token, width]: the principal components of what the teacher says of each token.
 * Token ids go from frequent to rare; padding stays zero. The two products over all tokens run on the engine.
 */
export const teacherEmbeddings = async (
  {dim, table}: TokenVectors,
  {width, deviation, random, engine}: TeacherEmbeddingsOptions,
): Promise<Float32Array> => {
  const rank = Math.min(width, dim);
  const vocabulary = table.length / dim;
  const frequent = table.subarray(unknownId * dim, (unknownId + forAxes) * dim);
  const covariance = await product(engine, {rows: matrix(frequent, dim)}, (_, b) =>
    tf.matMul(b['rows']!, b['rows']!, true),
  );
  const axes = matrix(Float32Array.from(principalAxes(covariance, dim, rank, random)), rank);
  const projected = await product(engine, {axes, rows: matrix(table, dim)}, (_, b) =>
    tf.matMul(b['rows']!, b['axes']!),
  );

  const embeddings = new Float32Array(vocabulary * width);
  let squares = 0;
  for (let id = unknownId; id < vocabulary; id++) {
    for (let j = 0; j < rank; j++) {
      const value = projected[id * rank + j]!;
      embeddings[id * width + j] = value;
      squares += value * value;
    }
  }
  const scale = squares > 0 ? deviation / Math.sqrt(squares / (vocabulary * rank)) : 1;
  return embeddings.map(value => value * scale);
};

const matrix = (data: Float32Array, columns: number): BatchInput => ({
  dtype: 'float32',
  shape: [data.length / columns, columns],
  data,
});

const product = async (
  engine: Engine,
  batch: Readonly<Record<string, BatchInput>>,
  forward: ForwardFunction,
): Promise<Float32Array> => {
  const predictor = createPredictor({engine, parameters: {}, forward});
  const [result] = await predictor.run(batch);
  await predictor.close();
  return result!;
};

/** The first `rank` eigenvectors of a covariance [dim, dim], as columns: [dim, rank]. */
const principalAxes = (covariance: Float32Array, dim: number, rank: number, random: Random): Float64Array => {
  const columns = Int32Array.from(covariance, (_, at) => at % dim);
  const starts = Int32Array.from({length: dim + 1}, (_, row) => row * dim);
  const values = Float64Array.from(covariance);
  return randomizedSvd({rows: dim, width: dim, starts, columns, values}, {rank, random}).right;
};
