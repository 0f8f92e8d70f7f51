import * as tf from '@tensorflow/tfjs-core';
import type {HostTensor, ModelContext, Tensors} from '../engine/types.ts';
import type {Draws} from './bilstm.ts';

/** Parts of students that read a sentence in one direction: batches with `ids` and `weights` [1, token, batch]. */

/** Embeddings of a batch: [token, batch, dim] */
export const tokenEmbeddings = (batch: Tensors, ctx: ModelContext): tf.Tensor3D => {
  const rows = ctx.lookup('embedding', batch['ids']!);
  return tf.reshape(rows, rows.shape.slice(1) as [number, number, number]);
};

/** Σ_token weights · states: [token, batch, dim] with weights [1, token, batch] → [batch, dim]; padding weighs 0. */
export const weightedSum = (states: tf.Tensor3D, weights: tf.Tensor): tf.Tensor2D => {
  const [tokens, batch] = states.shape;
  return tf.sum(tf.mul(states, tf.reshape(weights, [tokens, batch, 1])), 0);
};

/** x · kernel + bias by the names `<name>.kernel` [inputs, outputs] and `<name>.bias`: [row, inputs] → [row, outputs] */
export const dense = (p: Tensors, name: string, x: tf.Tensor): tf.Tensor2D =>
  tf.add(tf.matMul(x as tf.Tensor2D, p[`${name}.kernel`]!), p[`${name}.bias`]!);

/** Embeddings N(0, .1²), zeros for padding. */
export const initEmbedding = (rows: number, dim: number, random: Draws): HostTensor => {
  const data = new Float32Array(rows * dim).map(() => 0.1 * random.normal());
  data.fill(0, 0, dim);
  return {shape: [rows, dim], data};
};

/** Uniform ±1/√inputs, biases 0. */
export const initDense = (name: string, inputs: number, outputs: number, random: Draws): Record<string, HostTensor> => {
  const bound = 1 / Math.sqrt(inputs);
  return {
    [`${name}.kernel`]: {
      shape: [inputs, outputs],
      data: new Float32Array(inputs * outputs).map(() => bound * (2 * random.uniform() - 1)),
    },
    [`${name}.bias`]: {shape: [outputs], data: new Float32Array(outputs)},
  };
};
