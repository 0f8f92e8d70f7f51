import * as tf from '@tensorflow/tfjs-core';
import type {ModelContext, Tensors} from '../engine/types.ts';
import {attentionWeights} from './attention-weights.ts';
import type {EncoderConfig} from './encoder-config.ts';
import {activations} from './gelu.ts';
import {layerNorm} from './layer-norm.ts';

/** A batch of texts: `ids` int32 [batch, token], `mask` float32 [batch, token], 1 on tokens and 0 on padding. */
export interface EncoderTokens {
  readonly ids: tf.Tensor;
  readonly mask: tf.Tensor;
  /** int32 [batch, token]; without it all are of type 0. */
  readonly types?: tf.Tensor;
}

// Its exponential is 0 beside any score, so that padding never changes a result.
const far = -1e9;

/** x · Wᵀ + b with W [outputs, inputs], as torch.nn.Linear: [row, inputs] → [row, outputs] */
const linear = (p: Tensors, name: string, x: tf.Tensor): tf.Tensor2D =>
  // Fused, so that the jit's product starts from the bias and no pass over the result adds it.
  tf.fused.matMul({a: x, b: p[`${name}.weight`]!, transposeB: true, bias: p[`${name}.bias`]!}) as tf.Tensor2D;

const norm = (p: Tensors, name: string, x: tf.Tensor, {epsilon}: EncoderConfig): tf.Tensor2D =>
  layerNorm(x as tf.Tensor2D, p[`${name}.weight`]!, p[`${name}.bias`]!, epsilon);

/**
 * BERT's encoder (Devlin et al. 2018; post-norm) in tfjs operations, by the parameter names of `encoderShapes`: the states
 * after each layer, the embeddings first, each [batch, token, width]. Differentiable; dropout as config.json has it. Where
 * `scores` is given, each layer's attention scores before the softmax are added to it, [batch, head, token, token].
 */
export const encoderStates = (
  p: Tensors,
  {ids, mask, types}: EncoderTokens,
  ctx: ModelContext,
  config: EncoderConfig,
  scores?: tf.Tensor4D[],
): tf.Tensor3D[] => {
  const [batch, tokens] = ids.shape as [number, number];
  const {width, dropout} = config;
  if (tokens > config.positions) throw new RangeError(`A batch of ${tokens} tokens, but the encoder has ${config.positions} positions.`); // prettier-ignore
  const rows = batch * tokens;
  const positions = tf.slice(p['embeddings.position_embeddings.weight'] as tf.Tensor2D, [0, 0], [tokens, width]);
  let sum = tf.add(ctx.lookup('embeddings.word_embeddings.weight', ids), positions);
  if (config.tokenTypes > 0) {
    const name = 'embeddings.token_type_embeddings.weight';
    sum = tf.add(sum, types ? ctx.lookup(name, types) : tf.slice(p[name] as tf.Tensor2D, [0, 0], [1, width]));
  }
  let x = ctx.dropout(norm(p, 'embeddings.LayerNorm', tf.reshape(sum, [rows, width]), config), dropout);
  const bias = tf.reshape(tf.mul(tf.sub(1, mask), far), [batch, 1, 1, tokens]);
  const shaped = (state: tf.Tensor): tf.Tensor3D => tf.reshape(state, [batch, tokens, width]);
  const all = [shaped(x)];
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `encoder.layer.${layer}`;
    const context = attention(p, `${at}.attention.self`, x, bias, ctx, config, scores);
    const attended = ctx.dropout(linear(p, `${at}.attention.output.dense`, context), dropout);
    x = norm(p, `${at}.attention.output.LayerNorm`, tf.add(attended, x), config);
    const hidden = activations[config.activation](linear(p, `${at}.intermediate.dense`, x));
    const output = ctx.dropout(linear(p, `${at}.output.dense`, hidden), dropout);
    x = norm(p, `${at}.output.LayerNorm`, tf.add(output, x), config);
    all.push(shaped(x));
  }
  return all;
};

/** [batch · token, width] → the heads' results side by side, [batch · token, width] */
const attention = (
  p: Tensors,
  at: string,
  x: tf.Tensor2D,
  bias: tf.Tensor,
  ctx: ModelContext,
  {width, heads, attentionDropout}: EncoderConfig,
  scores: tf.Tensor4D[] | undefined,
): tf.Tensor => {
  const [batch, , , tokens] = bias.shape as [number, number, number, number];
  const [query, key, value] = ['query', 'key', 'value'].map(role =>
    tf.transpose(tf.reshape(linear(p, `${at}.${role}`, x), [batch, tokens, heads, width / heads]), [0, 2, 1, 3]),
  ) as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  scores?.push(tf.mul(tf.matMul<tf.Tensor4D>(query, key, false, true), 1 / Math.sqrt(width / heads)));
  const weights = ctx.dropout(attentionWeights(query, key, bias), attentionDropout);
  return tf.reshape(tf.transpose(tf.matMul(weights, value), [0, 2, 1, 3]), [batch * tokens, width]);
};

/** BertPooler: tanh of a dense layer on the first token's state; [batch, token, width] → [batch, width] */
export const pooledState = (p: Tensors, states: tf.Tensor3D): tf.Tensor2D => {
  const [batch, , width] = states.shape;
  const first = tf.reshape(tf.slice(states, [0, 0, 0], [batch, 1, width]), [batch, width]);
  return tf.tanh(linear(p, 'pooler.dense', first));
};

/** Logits of a head on the pooled state, as BertForSequenceClassification: [batch, label] */
export const sequenceLogits = (
  p: Tensors,
  states: tf.Tensor3D,
  ctx: ModelContext,
  {dropout}: EncoderConfig,
): tf.Tensor2D => linear(p, 'classifier', ctx.dropout(pooledState(p, states), dropout));

/**
 * Logits of all words at each token, as BertForMaskedLM: dense, activation, layer norm, and a product with the word
 * embeddings. [batch, token, width] → [batch · token, vocabulary]
 */
export const maskedWordLogits = (p: Tensors, states: tf.Tensor3D, config: EncoderConfig): tf.Tensor2D => {
  const [batch, tokens, width] = states.shape;
  const dense = linear(p, 'cls.predictions.transform.dense', tf.reshape(states, [batch * tokens, width]));
  const hidden = norm(p, 'cls.predictions.transform.LayerNorm', activations[config.activation](dense), config);
  const table = p['embeddings.word_embeddings.weight'] as tf.Tensor2D;
  return tf.add(tf.matMul(hidden, table, false, true), p['cls.predictions.bias']!);
};
