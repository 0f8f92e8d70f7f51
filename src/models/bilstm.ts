import * as tf from '@tensorflow/tfjs-core';
import type {HostTensor, ModelContext, Tensors} from '../engine/types.ts';
import {lstmStates} from './lstm.ts';

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

/** Where the same token lies in a batch [token, batch] whose sentences are reversed one by one: int32 [token · batch]. */
const mirrored = (mask: tf.Tensor2D): tf.Tensor1D => {
  const [tokens, batch] = mask.shape;
  const token = tf.reshape(tf.range(0, tokens, 1, 'float32'), [tokens, 1]);
  const row = tf.reshape(tf.range(0, batch, 1, 'float32'), [1, batch]);
  // Padding stays where it is: it comes last in both orders.
  const from = tf.add(token, tf.mul(mask, tf.sub(tf.sub(tf.sum(mask, 0, true), 1), tf.mul(2, token))));
  return tf.reshape(tf.cast(tf.add(tf.mul(from, batch), row), 'int32'), [tokens * batch]);
};

/** Puts each sentence of states [token, batch, hidden] the other way round. Doing it twice changes nothing: so does the gradient. */
const turned = (states: tf.Tensor, places: tf.Tensor1D): tf.Tensor => {
  const [tokens, batch, hidden] = states.shape as [number, number, number];
  const gather = (x: tf.Tensor, from: tf.Tensor): tf.Tensor =>
    tf.reshape(tf.gather(tf.reshape(x, [tokens * batch, hidden]), from as tf.Tensor1D), [tokens, batch, hidden]);
  const run = tf.customGrad((...args) => {
    const [x, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([places]); // else it is gone when the gradient is taken
    return {value: gather(x, places), gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gather(dy, saved[0]!)};
  });
  return run(states);
};

/** What the next layer reads: at each token the states of both directions, in each direction's own order. */
const bothStates = (states: tf.Tensor4D, places: tf.Tensor1D): tf.Tensor4D => {
  const [forward, backward] = tf.unstack(states) as [tf.Tensor, tf.Tensor];
  return tf.stack([
    tf.concat([forward, turned(backward, places)], 2),
    tf.concat([turned(forward, places), backward], 2),
  ]) as tf.Tensor4D;
};

/**
 * Sentence vectors [batch, width] of a batch made by sentence-batch.ts. Token states are pooled before the output layer:
 * it is linear, so for weights that sum to 1 the order makes no difference but to the work. Padding never changes a result.
 */
export const bilstmSentence = (
  p: Tensors,
  batch: Tensors,
  ctx: ModelContext,
  {pooling, layers = 1}: {readonly pooling: Pooling; readonly layers?: number},
): tf.Tensor2D => {
  const mask = batch['mask'] as tf.Tensor2D;
  let states = ctx.lookup('embedding', batch['ids']!) as tf.Tensor4D; // [direction, token, batch, embedding]
  for (let layer = 0; layer < layers; layer++) {
    const x = layer === 0 ? states : bothStates(states, mirrored(mask));
    const weights = {
      kernel: p[named(layer, 'kernel')] as tf.Tensor3D,
      recurrent: p[named(layer, 'recurrent')] as tf.Tensor3D,
      bias: p[named(layer, 'bias')] as tf.Tensor2D,
    };
    states = lstmStates(x, weights, ctx);
  }
  const pooled = pool(states, pooling, batch['weights']!, mask);
  const both = tf.concat(tf.unstack(pooled), 1); // [batch, 2·hidden]
  return tf.add(tf.matMul(both, p['output.kernel']!), p['output.bias']!);
};
