import * as tf from '@tensorflow/tfjs-core';

/**
 * softmax(query · keyᵀ / √size + bias), the weights of scaled dot-product attention (Vaswani et al. 2017, equation 1).
 * query and key [batch, head, token, size], bias [batch, 1, 1, token] (far below 0 where a key is padding); result [batch,
 * head, token, token]. With w the weights, the scores' gradient is w · (dw − Σ dw · w); the bias has none.
 */
export const attentionWeights = (query: tf.Tensor4D, key: tf.Tensor4D, bias: tf.Tensor): tf.Tensor4D => {
  const scale = 1 / Math.sqrt(query.shape[3]);
  const run = tf.customGrad((...args) => {
    const [q, k, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const weights = tf.softmax(tf.add(tf.mul(tf.matMul(q, k, false, true), scale), bias), -1);
    save([q, k, weights]);
    const gradFunc = (dw: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [ownQ, ownK, w] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const product = tf.mul(dw, w);
      const ds = tf.mul(tf.sub(product, tf.mul(w, tf.sum(product, -1, true))), scale);
      return [tf.matMul(ds, ownK), tf.matMul(ds, ownQ, true, false)];
    };
    return {value: weights, gradFunc};
  });
  return run(query, key) as tf.Tensor4D;
};
