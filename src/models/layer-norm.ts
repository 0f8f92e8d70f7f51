import * as tf from '@tensorflow/tfjs-core';

/**
 * Layer normalisation over the last axis (Ba et al. 2016, https://arxiv.org/abs/1607.06450), equations 3 and 4:
 * y = (x − mean) / √(variance + epsilon) · weight + bias. x [row, dim], weight and bias [dim].
 * The gradient is written by hand: dx = (d − mean(d) − x̂ · mean(d · x̂)) / √(variance + epsilon) with d = dy · weight, a
 * third of the operations that the tape would record.
 */
export const layerNorm = (x: tf.Tensor2D, weight: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor2D => {
  const run = tf.customGrad((...args) => {
    const [input, scale, shift, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const centered = tf.sub(input, tf.mean(input, -1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.mul(centered, centered), -1, true), epsilon)); // [row, 1]
    const normal = tf.mul(centered, inverse);
    save([normal, inverse, scale]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [hat, root, gamma] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const d = tf.mul(dy, gamma);
      const along = tf.mul(hat, tf.mean(tf.mul(d, hat), -1, true));
      const dx = tf.mul(tf.sub(tf.sub(d, tf.mean(d, -1, true)), along), root);
      return [dx, tf.sum(tf.mul(dy, hat), 0), tf.sum(dy, 0)];
    };
    return {value: tf.add(tf.mul(normal, scale), shift), gradFunc};
  });
  return run(x, weight, bias) as tf.Tensor2D;
};
