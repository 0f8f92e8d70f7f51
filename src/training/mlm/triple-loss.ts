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

type Term = keyof TripleWeights;

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

/**
 * DistilBERT's triple loss; entries `teacher.logits` [place, word] and, unless `terms` leave the cosine out,
 * `teacher.states` [row · token, width].
 */
export const tripleLoss =
  (
    config: EncoderConfig,
    weights: TripleWeights,
    temperature: number,
    terms: readonly Term[] = tripleTerms,
  ): LossFunction =>
  // prettier-ignore
  (p, batch, ctx) => {
    const own = wordOutputs(p, batch, ctx, config);
    const logits = batch['teacher.logits'] as tf.Tensor2D;
    const scored = batch['isScored']!;
    const values: Record<Term, () => tf.Scalar> = {
      soft: () => mean(softKl(own.logits, logits, temperature), scored),
      mlm: () => hiddenWordLoss(own, batch),
      cosine: () =>
        mean(cosineDistance(own.states, batch['teacher.states'] as tf.Tensor2D), tf.reshape(batch['mask']!, [-1])),
      logits: () => mean(logitsSquaredError(own.logits, logits), scored),
    };
    const weighted = terms.map(name => {
      const plain = values[name]();
      const value = tf.mul<tf.Scalar>(plain, weights[name]);
      ctx.report(name, plain);
      ctx.report(`${name} weighted`, value);
      return value;
    });
    return weighted.reduce((sum, part) => tf.add(sum, part));
  };

export const tripleTerms = ['soft', 'mlm', 'cosine', 'logits'] as const;
