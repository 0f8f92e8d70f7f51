import * as tf from '@tensorflow/tfjs-core';
import type {ModelContext, Tensors} from '../../engine/types.ts';
import type {TaskOutputs} from '../../methods/task-method.ts';
import {encoderStates, sequenceLogits} from '../../models/encoder.ts';
import type {EncoderConfig} from '../../models/encoder-config.ts';

/** How an example's one vector comes from its tokens' states. */
export type StateOf = 'cls' | 'mean';

/** [batch, token, width], mask [batch, token] → [batch, width] */
export const pooledTokens = (states: tf.Tensor3D, mask: tf.Tensor2D, stateOf: StateOf): tf.Tensor2D => {
  const [batch, tokens, width] = states.shape;
  if (stateOf === 'cls') return tf.reshape(tf.slice(states, [0, 0, 0], [batch, 1, width]), [batch, width]);
  const sum = tf.sum(tf.mul(states, tf.reshape(mask, [batch, tokens, 1])), 1);
  return tf.div(sum, tf.maximum(tf.sum(mask, 1, true), 1));
};

/** An encoder with a head on its pooled first token, run on entries `ids`, `types` and `mask` of a batch. */
export const encoderOutputs = (
  p: Tensors,
  batch: Tensors,
  ctx: ModelContext,
  {config, stateOf, scores}: {readonly config: EncoderConfig; readonly stateOf: StateOf; readonly scores: boolean},
): TaskOutputs => {
  const mask = batch['mask'] as tf.Tensor2D;
  const tokens = {ids: batch['ids']!, mask, ...(config.tokenTypes > 1 && {types: batch['types']!})};
  const found: tf.Tensor4D[] | undefined = scores ? [] : undefined;
  const states = encoderStates(p, tokens, ctx, config, found);
  return {
    logits: sequenceLogits(p, states.at(-1)!, ctx, config),
    state: layer => pooledTokens(states[layer]!, mask, stateOf),
    tokens: layer => states[layer]!,
    scores: layer => found![layer - 1]!,
  };
};
