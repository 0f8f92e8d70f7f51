import * as tf from '@tensorflow/tfjs-core';
import {first, type Gradient, sumTo} from './define.ts';

/** y = op(a)·op(b): four cases, each two products without a transposition of its own. */
const matmul: Gradient = {
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved, {transposeA, transposeB}) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const d = first(dy);
    const da = (): tf.Tensor =>
      transposeA ? tf.matMul(b, d, Boolean(transposeB), true) : tf.matMul(d, b, false, !transposeB);
    const db = (): tf.Tensor =>
      transposeB ? tf.matMul(d, a, true, Boolean(transposeA)) : tf.matMul(a, d, !transposeA, false);
    return {a: () => sumTo(da(), a.shape), b: () => sumTo(db(), b.shape)};
  },
};

export const products: Readonly<Record<string, Gradient>> = {BatchMatMul: matmul};
