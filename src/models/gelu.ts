import * as tf from '@tensorflow/tfjs-core';
import type {EncoderConfig} from './encoder-config.ts';

/**
 * x · Φ(x) with the normal distribution's Φ (Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415), exact, by erf.
 * Its slope is Φ(x) + x · φ(x).
 */
export const gelu = (x: tf.Tensor): tf.Tensor => {
  const run = tf.customGrad((...args) => {
    const [input, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    const share = tf.mul(tf.add(tf.erf(tf.mul(input, Math.SQRT1_2)), 1), 0.5);
    save([input, share]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [own, phi] = saved as [tf.Tensor, tf.Tensor];
      const density = tf.mul(tf.exp(tf.mul(tf.mul(own, own), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return tf.mul(dy, tf.add(phi, tf.mul(own, density)));
    };
    return {value: tf.mul(input, share), gradFunc};
  });
  return run(x);
};

/** The same with tanh for erf, as GPT-2 has it. */
const tanhGelu = (x: tf.Tensor): tf.Tensor => {
  const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
};

export const activations: Readonly<Record<EncoderConfig['activation'], (x: tf.Tensor) => tf.Tensor>> = {
  gelu,
  'gelu-tanh': tanhGelu,
  relu: x => tf.relu(x),
};
