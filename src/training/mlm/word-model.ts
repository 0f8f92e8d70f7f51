import * as tf from '@tensorflow/tfjs-core';
import type {ModelContext, Parameters, Tensors} from '../../engine/types.ts';
import type {Random} from '../../math/random.ts';
import {encoderStates, maskedWordLogits} from '../../models/encoder.ts';
import type {EncoderConfig} from '../../models/encoder-config.ts';
import {encoderShapes} from '../../models/encoder-names.ts';
import {encoderParameters} from '../task-distillation/encoder-student.ts';

export interface WordOutputs {
  /** Of the last layer: [row · token, width]. */
  readonly states: tf.Tensor2D;
  /** At the batch's places: [place, word]. */
  readonly logits: tf.Tensor2D;
}

/** An encoder with the masked-word head, its words predicted at the places of a wordBatch alone: the product with all words is most of the work. */
export const wordOutputs = (p: Tensors, batch: Tensors, ctx: ModelContext, config: EncoderConfig): WordOutputs => {
  const states = encoderStates(p, {ids: batch['ids']!, mask: batch['mask']!}, ctx, config).at(-1)!;
  const [rows, tokens, width] = states.shape;
  const flat = tf.reshape<tf.Rank.R2>(states, [rows * tokens, width]);
  const chosen = tf.gather(flat, batch['positions'] as tf.Tensor1D);
  const logits = maskedWordLogits(p, tf.reshape(chosen, [1, -1, width]), config);
  return {states: flat, logits};
};

/** Parameters of the encoder with its masked-word head, which starts at random where it is not given. */
export const wordParameters = (config: EncoderConfig, started: Parameters, random: Random): Parameters =>
  encoderParameters(encoderShapes(config, {mlm: true}), started, random);
