import * as tf from '@tensorflow/tfjs-core';

export type Gradient = Omit<tf.GradConfig, 'kernelName'>;

/** Adds up what broadcasting repeated: a gradient → one of the shape that was broadcast. */
export const sumTo = (gradient: tf.Tensor, shape: number[]): tf.Tensor => {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, shape);
};

/** The gradient of a kernel with one output. */
export const first = (dy: tf.Tensor | tf.Tensor[]): tf.Tensor => (Array.isArray(dy) ? dy[0]! : dy);

/** A kernel of one input `x`; `saved` is that input, or the output where the derivative is shorter in it. */
export const ofOne = (
  keep: 'input' | 'output',
  gradient: (dy: tf.Tensor, saved: tf.Tensor) => tf.Tensor,
  name = 'x',
): Gradient => ({
  ...(keep === 'input' ? {inputsToSave: [name]} : {outputsToSave: [true]}),
  gradFunc: (dy, saved) => ({[name]: () => gradient(first(dy), saved[0]!)}),
});

/** Flat functions, and those of truth values and whole numbers; tfjs itself has no gradient for most of these. */
export const zero = (...names: string[]): Gradient => ({
  inputsToSave: names,
  gradFunc: (_, saved) => Object.fromEntries(names.map((name, at) => [name, () => tf.zeros(saved[at]!.shape)])),
});

/** Puts back the axes that a reduction removed, as size 1. */
export const keptShape = (shape: number[], axis: unknown): number[] => {
  const axes = tf.util.parseAxisParam((axis ?? shape.map((_, at) => at)) as number | number[], shape);
  return shape.map((dimension, at) => (axes.includes(at) ? 1 : dimension));
};

/** `dy` where the condition holds, else 0. */
export const where = (dy: tf.Tensor, condition: tf.Tensor): tf.Tensor => tf.mul(dy, tf.cast(condition, 'float32'));
