import * as tf from '@tensorflow/tfjs-core';
import {first, type Gradient, sumTo, where} from './define.ts';

/** An elementwise kernel of `a` and `b`, which broadcast against each other. */
const ofTwo = (
  da: (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  db: (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): Gradient => ({
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    return {a: () => sumTo(da(first(dy), a, b), a.shape), b: () => sumTo(db(first(dy), a, b), b.shape)};
  },
});

/** Elementwise kernels of two and more tensors. */
export const ofTwoTensors: Readonly<Record<string, Gradient>> = {
  Add: ofTwo(dy => dy, dy => dy), // prettier-ignore
  Sub: ofTwo(dy => dy, dy => tf.neg(dy)), // prettier-ignore
  Multiply: ofTwo(
    (dy, _, b) => tf.mul(dy, tf.cast(b, 'float32')),
    (dy, a) => tf.mul(dy, tf.cast(a, 'float32')),
  ),
  RealDiv: ofTwo(
    (dy, _, b) => tf.div(dy, tf.cast(b, 'float32')),
    (dy, a, b) => tf.neg(tf.div(tf.mul(dy, tf.cast(a, 'float32')), tf.square(tf.cast(b, 'float32')))),
  ),
  SquaredDifference: ofTwo(
    (dy, a, b) => tf.mul(dy, tf.mul(2, tf.sub(a, b))),
    (dy, a, b) => tf.mul(dy, tf.mul(2, tf.sub(b, a))),
  ),
  Maximum: ofTwo(
    (dy, a, b) => where(dy, tf.greaterEqual(a, b)),
    (dy, a, b) => where(dy, tf.less(a, b)),
  ),
  Minimum: ofTwo(
    (dy, a, b) => where(dy, tf.lessEqual(a, b)),
    (dy, a, b) => where(dy, tf.greater(a, b)),
  ),
  // d/db aᵇ = aᵇ ln a, which is taken as 0 for a ≤ 0, as TensorFlow does.
  Pow: ofTwo(
    (dy, a, b) => tf.mul(dy, tf.mul(b, tf.pow(a, tf.sub(b, 1)))),
    (dy, a, b) => {
      const positive = tf.greater(a, 0);
      const log = tf.where(positive, tf.log(tf.where(positive, a, tf.onesLike(a))), tf.zerosLike(a));
      return tf.mul(dy, tf.mul(tf.pow(a, b), log));
    },
  ),
  Select: {
    inputsToSave: ['condition'],
    gradFunc: (dy, saved) => {
      const condition = saved[0]!;
      const [t, e] = [tf.cast(condition, 'float32'), tf.cast(tf.logicalNot(condition), 'float32')];
      const along = (mask: tf.Tensor): tf.Tensor =>
        tf.reshape(mask, [
          ...mask.shape,
          ...first(dy)
            .shape.slice(mask.rank)
            .map(() => 1),
        ]);
      return {condition: () => tf.zerosLike(tf.cast(condition, 'float32')), t: () => tf.mul(first(dy), along(t)), e: () => tf.mul(first(dy), along(e))}; // prettier-ignore
    },
  },
  AddN: {
    saveAllInputs: true,
    gradFunc: (dy, saved) => Object.fromEntries(saved.map((_, at) => [String(at), () => first(dy)])),
  },
};
