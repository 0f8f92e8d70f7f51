/** Losses between sentence vectors beyond the plain distances of losses.ts; each returns one value per example, [batch]. */
import * as tf from '@tensorflow/tfjs-core';

/** Σ |student − teacher|. Both [batch, dim] → [batch]. */
export const absoluteDistance = (student: tf.Tensor2D, teacher: tf.Tensor2D): tf.Tensor1D =>
  tf.sum(tf.abs(tf.sub(student, teacher)), 1);

/** Rows of length 1; the 1e-8 keeps the gradient finite for a vector of zeros. */
const unit = (x: tf.Tensor2D): tf.Tensor2D => tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x), 1, true), 1e-8)));

/** 1 for rows with a sentence: a teacher's vector is never zero, that of an empty row is. [1, batch] */
const present = (teacher: tf.Tensor2D): tf.Tensor =>
  tf.reshape(tf.cast(tf.greater(tf.sum(tf.abs(teacher), 1), 0), 'float32'), [1, -1]);

/**
 * How well the similarities of each sentence with the others of the batch are kept: the mean over them of
 * (cos(sᵢ, sⱼ) − cos(tᵢ, tⱼ))² (Park et al. 2019, https://arxiv.org/abs/1904.05068, in the spirit of equation 4, with
 * cosines). Both [batch, dim] → [batch].
 */
export const relationalDistance = (student: tf.Tensor2D, teacher: tf.Tensor2D): tf.Tensor1D => {
  const [s, t] = [unit(student), unit(teacher)];
  const difference = tf.sub(tf.matMul(s, s, false, true), tf.matMul(t, t, false, true));
  const columns = present(teacher);
  return tf.div(tf.sum(tf.mul(tf.square(difference), columns), 1), tf.sum(columns));
};

/**
 * Which teacher's vector of the batch is the sentence's own? −log softmax over j of cos(sᵢ, tⱼ) / temperature, at j = i
 * (van den Oord et al. 2018, https://arxiv.org/abs/1807.03748, equation 4). Both [batch, dim] → [batch].
 */
export const contrastiveLoss = (student: tf.Tensor2D, teacher: tf.Tensor2D, temperature: number): tf.Tensor1D => {
  const [s, t] = [unit(student), unit(teacher)];
  const scores = tf.div(tf.matMul(s, t, false, true), temperature);
  // Empty rows are nobody's alternative.
  const masked = tf.add(scores, tf.mul(tf.sub(1, present(teacher)), -1e9));
  const own = tf.div(tf.sum(tf.mul(s, t), 1), temperature);
  return tf.sub(tf.logSumExp(masked, 1), own);
};
