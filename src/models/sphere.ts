import * as tf from '@tensorflow/tfjs-core';

/** Entries of a unit vector of 512 numbers are about .04; eight times that suits a layer with usual initial weights. */
const radius = 8;

/**
 * Sentence vectors as a head reads them: all of one length, [batch, width]. Distillation by cosine leaves the length free,
 * and a teacher's vectors have length 1; a head must not depend on it.
 */
export const ontoSphere = (vectors: tf.Tensor2D): tf.Tensor2D =>
  tf.mul(tf.div(vectors, tf.sqrt(tf.add(tf.sum(tf.square(vectors), 1, true), 1e-8))), radius);
