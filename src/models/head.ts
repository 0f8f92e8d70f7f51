import * as tf from '@tensorflow/tfjs-core';
import type {HostTensor, ModelContext, Tensors} from '../engine/types.ts';
import type {Draws} from './bilstm.ts';

export interface HeadShape {
  /** Sentences of an example. */
  readonly texts: 1 | 2;
  /** Of a sentence vector. */
  readonly width: number;
  readonly hidden?: number;
  /** Labels, or 1 for a score. */
  readonly outputs: number;
}

const dense = (inputs: number, outputs: number, random: Draws): HostTensor => {
  const bound = 1 / Math.sqrt(inputs);
  const data = new Float32Array(inputs * outputs).map(() => bound * (2 * random.uniform() - 1));
  return {shape: [inputs, outputs], data};
};

/** Parameters of a head: head.hidden.kernel, head.hidden.bias, head.output.kernel, head.output.bias; uniform ±1/√inputs, biases 0. */
export const initHead = (
  {texts, width, hidden = 200, outputs}: HeadShape,
  random: Draws,
): Record<string, HostTensor> => ({
  'head.hidden.kernel': dense(texts === 1 ? width : 4 * width, hidden, random),
  'head.hidden.bias': {shape: [hidden], data: new Float32Array(hidden)},
  'head.output.kernel': dense(hidden, outputs, random),
  'head.output.bias': {shape: [outputs], data: new Float32Array(outputs)},
});

/** One vector as it is, two as [u, v, |u − v|, u·v] (Conneau et al. 2017, InferSent). All [batch, width]. */
export const pairFeatures = (vectors: readonly tf.Tensor[]): tf.Tensor => {
  const [u, v] = vectors as [tf.Tensor, tf.Tensor | undefined];
  return v ? tf.concat([u, v, tf.abs(tf.sub(u, v)), tf.mul(u, v)], 1) : u;
};

/** Dropout, dense, relu, dropout, dense: logits or scores [batch, outputs] of one or two vectors [batch, width] per example. */
export const headOutput = (
  p: Tensors,
  vectors: readonly tf.Tensor[],
  ctx: ModelContext,
  {dropout = 0.3}: {readonly dropout?: number} = {},
): tf.Tensor2D => {
  const features = ctx.dropout(pairFeatures(vectors), dropout);
  const hidden = tf.relu(tf.add(tf.matMul(features, p['head.hidden.kernel']!), p['head.hidden.bias']!));
  return tf.add(tf.matMul(ctx.dropout(hidden, dropout), p['head.output.kernel']!), p['head.output.bias']!);
};
