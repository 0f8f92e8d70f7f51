import * as tf from '@tensorflow/tfjs-core';

/** λ, the weight of the gold label: `annealed` grows with the training; a number stays, 0 being pure distillation. */
export type GoldWeight = 'annealed' | number;

/**
 * What a student learns towards: λ·gold + (1 − λ)·teacher (Clark et al. 2019, section 3.2), with λ = step / steps for teacher
 * annealing. All [row, column]; `progress` is step / steps.
 */
export const mixedTarget = (
  gold: tf.Tensor,
  teacher: tf.Tensor,
  goldWeight: GoldWeight,
  progress: tf.Scalar,
): tf.Tensor => {
  const lambda = goldWeight === 'annealed' ? progress : tf.scalar(goldWeight);
  return tf.add(tf.mul(lambda, gold), tf.mul(tf.sub(1, lambda), teacher));
};
