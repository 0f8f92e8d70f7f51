/**
 * Losses of methods that distil a task, in TensorFlow.js ops, student first. Each returns one value per row and never
 * reduces over rows: the caller weights and averages, so that padding is left out and terms are logged one by one.
 */
import * as tf from '@tensorflow/tfjs-core';
import {cosineDistance} from './losses.ts';

const unit = (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.rsqrt(tf.add(tf.sum(tf.square(x), -1, true), 1e-12)));

/**
 * COS-NCE of LRC-BERT (Fu et al. 2021, formula 1, as its re-implementations have it): with g = 1 − cos,
 *   1/(2K) · Σ_i [2 − (g(negative_i, student) − g(teacher, student))] + g(teacher, student),
 * which is 1 + 1.5 · g(teacher, student) − .5 · mean_i g(negative_i, student). In [0, 4].
 * student and teacher [batch, dim], negatives [batch, K, dim] → [batch].
 */
export const cosNce = (student: tf.Tensor2D, teacher: tf.Tensor2D, negatives: tf.Tensor3D): tf.Tensor1D => {
  const direction = tf.expandDims(unit(student), 1); // [batch, 1, dim]
  const cosines = tf.matMul(unit(negatives), direction, false, true); // [batch, K, 1]
  return combined(student, teacher, tf.mean(tf.sub(1, tf.squeeze(cosines, [2])), 1));
};

/**
 * The same with the teacher's states of other rows of the batch as negatives: `share` [batch, batch] is 1/K where column j
 * is a negative of row i, else 0. One product instead of a gathered copy for each negative.
 */
export const cosNceWithin = (student: tf.Tensor2D, teacher: tf.Tensor2D, share: tf.Tensor2D): tf.Tensor1D => {
  const cosines = tf.matMul(unit(student), unit(teacher), false, true); // [batch, batch]
  return combined(student, teacher, tf.sum(tf.mul(tf.sub(1, cosines), share), 1));
};

const combined = (student: tf.Tensor2D, teacher: tf.Tensor2D, negative: tf.Tensor): tf.Tensor1D =>
  tf.add(1, tf.sub(tf.mul(cosineDistance(student, teacher), 1.5), tf.mul(negative, 0.5)));

/** T² · KL(softmax(teacher/T) ‖ softmax(student/T)) (Hinton et al. 2015, section 2.1, for T²). Both [row, label] → [row]. */
export const softKl = (student: tf.Tensor2D, teacher: tf.Tensor2D, temperature: number): tf.Tensor1D => {
  const own = tf.logSoftmax(tf.div<tf.Tensor2D>(student, temperature));
  const wanted = tf.logSoftmax(tf.div<tf.Tensor2D>(teacher, temperature));
  const divergence = tf.sum<tf.Tensor1D>(tf.mul(tf.exp(wanted), tf.sub(wanted, own)), 1);
  return tf.mul(divergence, temperature ** 2);
};

/** −Σ softmax(teacher/T) · log softmax(student/T), without T² (TinyBERT, equation 10). Both [row, label] → [row]. */
export const softCrossEntropy = (student: tf.Tensor2D, teacher: tf.Tensor2D, temperature: number): tf.Tensor1D => {
  const own = tf.logSoftmax(tf.div<tf.Tensor2D>(student, temperature));
  return tf.neg(tf.sum(tf.mul(tf.softmax(tf.div(teacher, temperature)), own), 1));
};

/** Mean over labels of (student − teacher)² (Tang et al. 2019, equation 6, up to the mean). Both [row, label] → [row]. */
export const logitsSquaredError = (student: tf.Tensor2D, teacher: tf.Tensor2D): tf.Tensor1D =>
  tf.mean(tf.square(tf.sub(student, teacher)), 1);

/** ‖student/‖student‖ − teacher/‖teacher‖‖² (BERT-PKD, Sun et al. 2019, equation 7). Both [batch, dim] → [batch]. */
export const patientDistance = (student: tf.Tensor2D, teacher: tf.Tensor2D): tf.Tensor1D =>
  tf.sum(tf.square(tf.sub(unit(student), unit(teacher))), 1);

/**
 * Mean over a text's tokens and the width of (student − teacher)² (TinyBERT, equations 8 and 9, the map applied already).
 * Both [batch, token, dim], mask [batch, token] → [batch]; a row without tokens gives 0.
 */
export const tokenSquaredError = (student: tf.Tensor3D, teacher: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor1D => {
  const perToken = tf.mean(tf.square(tf.sub(student, teacher)), 2); // [batch, token]
  return tf.div(tf.sum(tf.mul(perToken, mask), 1), tf.maximum(tf.sum(mask, 1), 1));
};

/**
 * Mean over heads and pairs of tokens of (student − teacher)², attention scores before the softmax (TinyBERT, equation 7).
 * Both [batch, head, token, token], mask [batch, token] → [batch]; pairs with padding do not count.
 */
export const attentionSquaredError = (student: tf.Tensor4D, teacher: tf.Tensor4D, mask: tf.Tensor2D): tf.Tensor1D => {
  const perPair = tf.mean(tf.square(tf.sub(student, teacher)), 1); // [batch, token, token]
  const [batch, tokens] = mask.shape;
  const pairs = tf.mul(tf.reshape(mask, [batch, tokens, 1]), tf.reshape(mask, [batch, 1, tokens]));
  return tf.div(tf.sum(tf.mul(perPair, pairs), [1, 2]), tf.maximum(tf.sum(pairs, [1, 2]), 1));
};

/** −log softmax(logits)[label] of masked words (BERT). logits [row, word], labels int32 [row] → [row]. */
export const wordCrossEntropy = (logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D => {
  const isLabel = tf.oneHot(labels, logits.shape[1]); // [row, word]
  return tf.neg(tf.sum(tf.mul(isLabel, tf.logSoftmax(logits)), 1));
};
