import * as tf from '@tensorflow/tfjs-core';
import type {ModelContext, Tensors} from '../../engine/types.ts';
import {encoderStates, pooledState} from '../../models/encoder.ts';
import type {EncoderConfig} from '../../models/encoder-config.ts';
import {mixedTarget} from './annealing.ts';
import type {GoldWeight} from './annealing.ts';
import {headBias, headWeight} from './heads.ts';

export interface LossOptions {
  readonly config: EncoderConfig;
  /** On the pooled first token, before the heads. */
  readonly headDropout: number;
  /** Scores pass through a sigmoid (the article; its released code leaves it out). */
  readonly sigmoid: boolean;
  /** Of batches with the entry `teacher`. */
  readonly goldWeight: GoldWeight;
}

// Its exponential is 0 beside any logit: the columns of other tasks take no part in a row's softmax.
const far = -1e9;

/** All heads' outputs [row, column]: dropout on the pooled first token, and one dense layer. */
export const headOutputs = (p: Tensors, batch: Tensors, ctx: ModelContext, options: LossOptions): tf.Tensor2D => {
  const tokens = {ids: batch['ids']!, mask: batch['mask']!, types: batch['types']!};
  const states = encoderStates(p, tokens, ctx, options.config).at(-1)!;
  const pooled = ctx.dropout(pooledState(p, states), options.headDropout);
  return tf.fused.matMul({a: pooled, b: p[headWeight]!, transposeB: true, bias: p[headBias]!}) as tf.Tensor2D;
};

/**
 * Σ_row weight · ℓ(target, outputs) of rows of any tasks (Clark et al. 2019, section 3): cross-entropy over the columns of
 * the row's task, or the squared error of its score.
 *
 * Batch: `ids`, `types` int32 and `mask` float32 [row, token]; `own` [row, column] is 1 on the columns of the row's task,
 * `scored` [row, column] 1 on the column of a row whose task is a regression; `gold` and perhaps `teacher` [row, column], 0
 * outside `own`; `weights` [row], 0 for rows that hold nothing.
 */
export const multiTaskLoss = (p: Tensors, batch: Tensors, ctx: ModelContext, options: LossOptions): tf.Scalar => {
  const outputs = headOutputs(p, batch, ctx, options);
  const [own, scored, gold] = [batch['own']!, batch['scored']!, batch['gold']!];
  // `in`, for a missing name throws.
  const target = 'teacher' in batch ? mixedTarget(gold, batch['teacher'], options.goldWeight, ctx.progress) : gold;
  // A score's softmax has one column: its logarithm is 0 and so is its slope.
  const logits = tf.add(outputs, tf.mul(tf.sub(1, own), far));
  const entropy = tf.neg(tf.sum(tf.mul(target, tf.logSoftmax(logits)), 1));
  const scores = options.sigmoid ? tf.sigmoid(outputs) : outputs;
  const error = tf.sum(tf.mul(scored, tf.square(tf.sub(scores, target))), 1);
  return tf.sum(tf.mul(tf.add(entropy, error), batch['weights']!));
};
