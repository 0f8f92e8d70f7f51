import * as tf from '@tensorflow/tfjs-core';
import type {HostTensor, ModelContext, Tensors} from '../engine/types.ts';
import {lstmStates} from './lstm.ts';
import {bothStates, mirrored} from './turned-states.ts';

export interface BilstmShape {
  /** Rows of the embedding table, padding (row 0) included. */
  readonly vocabulary: number;
  readonly embedding: number;
  /** Width of each direction. */
  readonly hidden: number;
  /** Of the sentence vector. */
  readonly width: number;
  /** LSTMs on top of each other; 1. */
  readonly layers?: number;
}

/** What initial values are drawn from; math/random.ts has one. */
export interface Draws {
  uniform(): number;
  normal(): number;
}

export type Pooling = 'idf' | 'mean' | 'cls' | 'max' | 'last';

const drawn = (shape: readonly number[], draw: () => number): HostTensor => ({
  shape,
  data: new Float32Array(shape.reduce((size, dimension) => size * dimension, 1)).map(draw),
});

/** What a layer's parameters are called: the first one's have plain names. */
const named = (layer: number, name: 'kernel' | 'recurrent' | 'bias'): string =>
  layer === 0 ? name : `layer${layer}.${name}`;

/**
 * Parameters of a student: embedding, kernel, recurrent, bias, output.kernel, output.bias, and of further layers
 * layer1.kernel, …, which read both directions' states. Embeddings N(0, .1²) with zeros
 * for padding, LSTM weights uniform ±1/√hidden (as torch.nn.LSTM), biases 0 but 1 for the forget gate (Jozefowicz et al.
 * 2015: without it gradients fade over long sentences from the first step on).
 */
export const initBilstm = (
  {vocabulary, embedding, hidden, width, layers = 1}: BilstmShape,
  random: Draws,
): Record<string, HostTensor> => {
  const uniform = (bound: number) => (): number => bound * (2 * random.uniform() - 1);
  const table = drawn([vocabulary, embedding], () => 0.1 * random.normal());
  table.data.fill(0, 0, embedding);
  const isForget = (at: number): boolean => Math.floor(at / hidden) % 4 === 2;
  const lstm = (layer: number): Record<string, HostTensor> => ({
    [named(layer, 'kernel')]: drawn(
      [2, layer === 0 ? embedding : 2 * hidden, 4 * hidden],
      uniform(1 / Math.sqrt(hidden)),
    ),
    [named(layer, 'recurrent')]: drawn([2, hidden, 4 * hidden], uniform(1 / Math.sqrt(hidden))),
    [named(layer, 'bias')]: {
      shape: [2, 4 * hidden],
      data: Float32Array.from({length: 8 * hidden}, (_, at) => (isForget(at) ? 1 : 0)),
    },
  });
  return {
    embedding: table,
    ...Object.fromEntries(Array.from({length: layers}, (_, layer) => Object.entries(lstm(layer))).flat()),
    'output.kernel': drawn([2 * hidden, width], uniform(1 / Math.sqrt(2 * hidden))),
    'output.bias': {shape: [width], data: new Float32Array(width)},
  };
};

/** Adds up states [direction, token, batch, hidden] with weights [direction, token, batch] → [direction, batch, hidden]. */
const weightedSum = (states: tf.Tensor4D, weights: tf.Tensor): tf.Tensor =>
  tf.sum(tf.mul(states, tf.expandDims(weights, -1)), 1);

/** mask: [token, batch], 1 for tokens and 0 for padding; the same for both directions, which are both padded at the end. */
const pool = (states: tf.Tensor4D, pooling: Pooling, weights: tf.Tensor, mask: tf.Tensor2D): tf.Tensor => {
  const [tokens, batch] = mask.shape;
  const count = tf.maximum(tf.sum(mask, 0), 1); // an empty row has no tokens
  switch (pooling) {
    case 'idf':
    case 'cls': // the weight of the first token is 1
      return weightedSum(states, weights);
    case 'mean':
      return weightedSum(states, tf.expandDims(tf.div(mask, count), 0));
    case 'last': {
      // 1 where a token is followed by padding or by nothing.
      const next = tf.concat([tf.slice(mask, [1, 0], [tokens - 1, batch]), tf.zeros([1, batch])], 0);
      return weightedSum(states, tf.expandDims(tf.sub(mask, next), 0));
    }
    case 'max': {
      // States lie in (−1, 1): −2 is below all of them.
      const padding = tf.mul(tf.sub(1, mask), -2);
      const largest = tf.max(tf.add(states, tf.reshape(padding, [1, tokens, batch, 1])), 1);
      return tf.mul(largest, tf.reshape(tf.minimum(tf.sum(mask, 0), 1), [1, batch, 1]));
    }
  }
};

export interface BilstmReading {
  readonly pooling: Pooling;
  readonly layers?: number;
}

/** States of the last layer, each direction in its own order: [direction, token, batch, hidden] */
export const bilstmStates = (p: Tensors, batch: Tensors, ctx: ModelContext, layers = 1): tf.Tensor4D => {
  let states = ctx.lookup('embedding', batch['ids']!) as tf.Tensor4D; // [direction, token, batch, embedding]
  for (let layer = 0; layer < layers; layer++) {
    const x = layer === 0 ? states : bothStates(states, mirrored(batch['mask'] as tf.Tensor2D));
    const weights = {
      kernel: p[named(layer, 'kernel')] as tf.Tensor3D,
      recurrent: p[named(layer, 'recurrent')] as tf.Tensor3D,
      bias: p[named(layer, 'bias')] as tf.Tensor2D,
    };
    states = lstmStates(x, weights, ctx);
  }
  return states;
};

/**
 * Sentence vectors [batch, width] of the states of a batch made by sentence-batch.ts. They are pooled before the output layer:
 * it is linear, so for weights that sum to 1 the order makes no difference but to the work. Padding never changes a result.
 */
export const pooledStates = (p: Tensors, batch: Tensors, states: tf.Tensor4D, pooling: Pooling): tf.Tensor2D => {
  const pooled = pool(states, pooling, batch['weights']!, batch['mask'] as tf.Tensor2D);
  return bilstmOutput(p, tf.concat(tf.unstack(pooled), 1)); // [batch, 2·hidden]
};

/** [row, 2·hidden] → [row, width] */
export const bilstmOutput = (p: Tensors, both: tf.Tensor): tf.Tensor2D =>
  tf.add(tf.matMul(both as tf.Tensor2D, p['output.kernel']!), p['output.bias']!);

/** Sentence vectors [batch, width] of a batch made by sentence-batch.ts. */
export const bilstmSentence = (
  p: Tensors,
  batch: Tensors,
  ctx: ModelContext,
  {pooling, layers = 1}: BilstmReading,
): tf.Tensor2D => pooledStates(p, batch, bilstmStates(p, batch, ctx, layers), pooling);
