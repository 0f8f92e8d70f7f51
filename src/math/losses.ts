/**
 * Losses in TensorFlow.js ops. Each returns one value per example and never reduces: the caller weights and averages,
 * so that padded rows can be left out and terms can be logged one by one.
 */
import * as tf from '@tensorflow/tfjs-core';

const checkSameShape = (name: string, a: tf.Tensor, b: tf.Tensor): void => {
  if (a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape[i])) return;
  throw new Error(`${name}: expected student and teacher of one shape, got [${a.shape}] and [${b.shape}].`);
};

/** ‖student − teacher‖². Both [batch, dim] → [batch]. LTD-BERT's "vector distance" taken literally. */
export const squaredDistance = (student: tf.Tensor2D, teacher: tf.Tensor2D): tf.Tensor1D => {
  checkSameShape('squaredDistance', student, teacher);
  return tf.sum(tf.square(tf.sub(student, teacher)), 1);
};

/**
 * 1 − cos(student, teacher) in [0, 2]. Both [batch, dim] → [batch]. g(a, b) of LRC-BERT, formula 2; as a distance for
 * teachers whose vectors are compared by their angle. The 1e-8 keeps the gradient finite for a vector of zeros.
 */
export const cosineDistance = (student: tf.Tensor2D, teacher: tf.Tensor2D): tf.Tensor1D => {
  checkSameShape('cosineDistance', student, teacher);
  const dot = tf.sum(tf.mul(student, teacher), 1);
  const norms = tf.mul(norm(student), norm(teacher));
  return tf.sub(1, tf.div(dot, norms));
};

const norm = (x: tf.Tensor2D): tf.Tensor => tf.sqrt(tf.add(tf.sum(tf.square(x), 1), 1e-8));

/** −Σ_label target · log softmax(logits). Both [batch, label] → [batch]; `target` may be soft. */
export const softmaxCrossEntropy = (logits: tf.Tensor2D, target: tf.Tensor2D): tf.Tensor1D => {
  checkSameShape('softmaxCrossEntropy', logits, target);
  return tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1));
};

/** (prediction − target)². Both [batch, 1] → [batch]. */
export const squaredError = (prediction: tf.Tensor2D, target: tf.Tensor2D): tf.Tensor1D => {
  checkSameShape('squaredError', prediction, target);
  return tf.sum(tf.square(tf.sub(prediction, target)), 1);
};

/** Σ rowWeights · perExample / Σ rowWeights; padded rows have weight 0. Both [batch] → scalar. */
export const weightedMean = (perExample: tf.Tensor1D, rowWeights: tf.Tensor1D): tf.Scalar =>
  tf.div(tf.sum(tf.mul(perExample, rowWeights)), tf.sum(rowWeights));
