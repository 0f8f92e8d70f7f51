import * as tf from '@tensorflow/tfjs-core';
import {weightedMean} from '../math/losses.ts';
import type {SentencePair, Term} from './method.ts';

/** Σ_terms weight(progress) · mean over the batch's real rows. rowWeights [batch], 0 for padded rows. */
export const totalLoss = (
  terms: readonly Term[],
  pair: SentencePair,
  rowWeights: tf.Tensor1D,
  progress: tf.Scalar,
): tf.Scalar =>
  terms
    .map(term => {
      const mean = weightedMean(term.perExample(pair), rowWeights);
      return tf.mul<tf.Scalar>(mean, typeof term.weight === 'number' ? term.weight : term.weight(progress));
    })
    .reduce((sum, part) => tf.add(sum, part));
