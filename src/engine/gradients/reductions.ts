import * as tf from '@tensorflow/tfjs-core';
import {first, type Gradient, keptShape} from './define.ts';

/** Max and Min: the gradient goes to every entry that equals the extreme. */
const extreme: Gradient = {
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, saved, attributes) => {
    const [x, y] = saved as [tf.Tensor, tf.Tensor];
    const shape = keptShape(x.shape, attributes['reductionIndices'] ?? attributes['axis']);
    const chosen = tf.cast(tf.equal(x, tf.reshape(y, shape)), 'float32');
    return {x: () => tf.mul(tf.reshape(first(dy), shape), chosen)};
  },
};

/** Kernels that leave out axes, and those that work along one. */
export const reductions: Readonly<Record<string, Gradient>> = {
  Sum: {
    inputsToSave: ['x'],
    gradFunc: (dy, saved, {axis}) => {
      const {shape} = saved[0]!;
      return {x: () => tf.broadcastTo(tf.reshape(first(dy), keptShape(shape, axis)), shape)};
    },
  },
  Mean: {
    inputsToSave: ['x'],
    gradFunc: (dy, saved, {axis}) => {
      const {shape, size} = saved[0]!;
      const kept = keptShape(shape, axis);
      const count = size / tf.util.sizeFromShape(kept);
      return {x: () => tf.broadcastTo(tf.div(tf.reshape(first(dy), kept), count), shape)};
    },
  },
  Max: extreme,
  Min: extreme,
  Cumsum: {
    gradFunc: (dy, _, {axis, exclusive, reverse}) => ({
      x: () => tf.cumsum(first(dy), axis as number, exclusive as boolean, !reverse),
    }),
  },
  Softmax: {
    outputsToSave: [true],
    gradFunc: (dy, saved) => {
      const y = saved[0]!;
      const weighted = tf.mul(first(dy), y);
      return {logits: () => tf.sub(weighted, tf.mul(tf.sum(weighted, -1, true), y))};
    },
  },
};
