import * as tf from '@tensorflow/tfjs-core';
import {first, type Gradient, ofOne, where} from './define.ts';

/** Elementwise kernels of one tensor. */
export const ofOneTensor: Readonly<Record<string, Gradient>> = {
  Abs: ofOne('input', (dy, x) => tf.mul(dy, tf.sign(x))),
  Cos: ofOne('input', (dy, x) => tf.neg(tf.mul(dy, tf.sin(x)))),
  Sin: ofOne('input', (dy, x) => tf.mul(dy, tf.cos(x))),
  Elu: ofOne('output', (dy, y) => tf.mul(dy, tf.where(tf.greater(y, 0), tf.onesLike(y), tf.add(y, 1)))),
  Erf: ofOne('input', (dy, x) => tf.mul(dy, tf.mul(2 / Math.sqrt(Math.PI), tf.exp(tf.neg(tf.square(x)))))),
  Exp: ofOne('output', (dy, y) => tf.mul(dy, y)),
  Log: ofOne('input', (dy, x) => tf.div(dy, x)),
  Neg: ofOne('input', dy => tf.neg(dy)),
  Reciprocal: ofOne('output', (dy, y) => tf.neg(tf.mul(dy, tf.square(y)))),
  Relu: ofOne('input', (dy, x) => tf.mul(dy, tf.step(x))),
  Relu6: ofOne('input', (dy, x) => where(dy, tf.logicalAnd(tf.greater(x, 0), tf.lessEqual(x, 6)))),
  LeakyRelu: {
    inputsToSave: ['x'],
    gradFunc: (dy, saved, {alpha}) => ({x: () => tf.mul(first(dy), tf.step(saved[0]!, alpha as number))}),
  },
  Rsqrt: ofOne('output', (dy, y) => tf.mul(dy, tf.mul(-0.5, tf.mul(y, tf.square(y))))),
  Sigmoid: ofOne('output', (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  Softplus: ofOne('input', (dy, x) => tf.mul(dy, tf.sigmoid(x))),
  Sqrt: ofOne('output', (dy, y) => tf.div(dy, tf.mul(2, y))),
  Square: ofOne('input', (dy, x) => tf.mul(dy, tf.mul(2, tf.cast(x, 'float32')))),
  Tanh: ofOne('output', (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  ClipByValue: {
    inputsToSave: ['x'],
    gradFunc: (dy, saved, {clipValueMin, clipValueMax}) => {
      const x = saved[0]!;
      const inside = tf.logicalAnd(tf.greaterEqual(x, clipValueMin as number), tf.lessEqual(x, clipValueMax as number));
      return {x: () => where(first(dy), inside)};
    },
  },
};
