import * as tf from '@tensorflow/tfjs-core';
import type {LossFunction, Tensors} from '../../engine/types.ts';
import {logitsSquaredError, softKl, wordCrossEntropy} from '../../math/distillation-losses.ts';
import {cosineDistance} from '../../math/losses.ts';
import type {EncoderConfig} from '../../models/encoder-config.ts';
import {wordOutputs} from './word-model.ts';
import type {WordOutputs} from './word-model.ts';

/** Weights of DistilBERT's terms (Sanh et al. 2019, section 2): 5, 2, 1 and 0 in its authors' command for one machine. */
export interface TripleWeights {
  /** T² · KL(teacher ‖ student) at the scored places. */
  readonly soft: number;
  /** Cross-entropy of hidden words. */
  readonly mlm: number;
  /** 1 − cos of last states, over tokens. */
  readonly cosine: number;
  /** Squared error of logits at the scored places. */
  readonly logits: number;
}

const mean = (values: tf.Tensor, weights: tf.Tensor): tf.Scalar =>
  tf.div(tf.sum(tf.mul(values, weights)), tf.maximum(tf.sum(weights), 1));

/** Cross-entropy of hidden words, natural logarithm. */
export const hiddenWordLoss = ({logits}: WordOutputs, batch: Tensors): tf.Scalar =>
  mean(wordCrossEntropy(logits, batch['labels'] as tf.Tensor1D), batch['isMasked']!);

/** BERT's loss without next sentences. */
export const mlmLoss =
  (config: EncoderConfig): LossFunction =>
  (p, batch, ctx) => {
    const loss = hiddenWordLoss(wordOutputs(p, batch, ctx, config), batch);
    ctx.report('mlm', loss);
    ctx.report('mlm weighted', loss);
    return loss;
  };

/** DistilBERT's triple loss; entries `teacher.logits` [place, word] and `teacher.states` [row · token, width]. */
export const tripleLoss =
  (config: EncoderConfig, weights: TripleWeights, temperature: number): LossFunction =>
  (p, batch, ctx) => {
    const own = wordOutputs(p, batch, ctx, config);
    const teacher = {logits: batch['teacher.logits'] as tf.Tensor2D, states: batch['teacher.states'] as tf.Tensor2D};
    const scored = batch['isScored']!;
    const values: Record<keyof TripleWeights, tf.Scalar> = {
      soft: mean(softKl(own.logits, teacher.logits, temperature), scored),
      mlm: hiddenWordLoss(own, batch),
      cosine: mean(cosineDistance(own.states, teacher.states), tf.reshape(batch['mask']!, [-1])),
      logits: mean(logitsSquaredError(own.logits, teacher.logits), scored),
    };
    const weighted = tripleTerms.map(name => {
      const value = tf.mul<tf.Scalar>(values[name], weights[name]);
      ctx.report(name, values[name]);
      ctx.report(`${name} weighted`, value);
      return value;
    });
    return weighted.reduce((sum, part) => tf.add(sum, part));
  };

export const tripleTerms = ['soft', 'mlm', 'cosine', 'logits'] as const;
