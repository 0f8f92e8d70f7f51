import * as tf from '@tensorflow/tfjs-core';
import {z} from 'zod';
import type {HostTensor, Tensors} from '../../engine/types.ts';
import {attentionWeights} from '../attention-weights.ts';
import {activations} from '../gelu.ts';
import {layerNorm} from '../layer-norm.ts';
import {dense, initDense, initEmbedding, tokenEmbeddings} from '../single-direction.ts';
import {defineStudent} from '../student.ts';

const epsilon = 1e-6;
// Its exponential is 0 beside any score, so that padding never changes a result.
const far = -1e9;

const initNorm = (name: string, dim: number): Record<string, HostTensor> => ({
  [`${name}.scale`]: {shape: [dim], data: new Float32Array(dim).fill(1)},
  [`${name}.shift`]: {shape: [dim], data: new Float32Array(dim)},
});

const norm = (p: Tensors, name: string, x: tf.Tensor): tf.Tensor2D =>
  layerNorm(x as tf.Tensor2D, p[`${name}.scale`]!, p[`${name}.shift`]!, epsilon);

/** Sines and cosines of the token's place (Vaswani et al. 2017, section 3.5), sines first: [1, token, dim]; no length is too long. */
const positions = (tokens: number, dim: number): tf.Tensor => {
  const half = dim / 2;
  const rates = tf.exp(tf.mul(tf.range(0, half, 1, 'float32'), -Math.log(10_000) / half));
  const angles = tf.mul(tf.reshape(tf.range(0, tokens, 1, 'float32'), [tokens, 1]), tf.reshape(rates, [1, half]));
  return tf.reshape(tf.concat([tf.sin(angles), tf.cos(angles)], 1), [1, tokens, dim]);
};

/** A small Transformer with norms before its sublayers: it learns from few steps better than with norms after them. */
export default defineStudent({
  description: 'A Transformer encoder of one or two layers over embeddings.',
  settings: z.strictObject({
    layers: z.int().min(1).max(6).default(2),
    heads: z.int().positive().default(4),
    /** Width of the feed-forward sublayer, in widths of the states. */
    feedForward: z.int().positive().default(4),
  }),
  directions: 1,
  tables: ['embedding'],
  poolings: ['idf', 'mean', 'cls'],
  init: ({vocabulary, embedding, hidden, width}, {layers, heads, feedForward}, random) => {
    if (hidden % (2 * heads) !== 0)
      throw new Error(
        `An encoder's width must be a multiple of twice its heads: found hidden ${hidden}, heads ${heads}.`,
      );
    const layer = (at: number): Record<string, HostTensor> => ({
      ...initNorm(`layer${at}.before`, hidden),
      ...initDense(`layer${at}.inputs`, hidden, 3 * hidden, random),
      ...initDense(`layer${at}.context`, hidden, hidden, random),
      ...initNorm(`layer${at}.between`, hidden),
      ...initDense(`layer${at}.wide`, hidden, feedForward * hidden, random),
      ...initDense(`layer${at}.narrow`, feedForward * hidden, hidden, random),
    });
    return {
      embedding: initEmbedding(vocabulary, embedding, random),
      ...initDense('input', embedding, hidden, random),
      ...Object.fromEntries(Array.from({length: layers}, (_, at) => Object.entries(layer(at))).flat()),
      ...initNorm('last', hidden),
      ...initDense('output', hidden, width, random),
    };
  },
  sentence: (p, batch, ctx, {settings: {layers, heads}}) => {
    const x = tokenEmbeddings(batch, ctx);
    const [tokens, rows, dim] = x.shape;
    const byRow = tf.reshape(tf.transpose(x, [1, 0, 2]), [rows * tokens, dim]);
    const placed = tf.add(
      tf.reshape(dense(p, 'input', byRow), [rows, tokens, -1]),
      tf.mul(0.1, positions(tokens, p['last.scale']!.shape[0])),
    );
    const hidden = placed.shape[2]!;
    let states: tf.Tensor = tf.reshape(placed, [rows * tokens, hidden]);
    const mask = tf.transpose(batch['mask']!, [1, 0]);
    const bias = tf.reshape(tf.mul(tf.sub(1, mask), far), [rows, 1, 1, tokens]);
    for (let layer = 0; layer < layers; layer++) {
      const inputs = dense(p, `layer${layer}.inputs`, norm(p, `layer${layer}.before`, states));
      const [query, key, value] = tf
        .split(inputs, 3, 1)
        .map(part => tf.transpose(tf.reshape(part, [rows, tokens, heads, hidden / heads]), [0, 2, 1, 3])) as [
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Tensor4D,
      ];
      const context = tf.transpose(tf.matMul(attentionWeights(query, key, bias), value), [0, 2, 1, 3]);
      states = tf.add(states, dense(p, `layer${layer}.context`, tf.reshape(context, [rows * tokens, hidden])));
      const wide = activations.gelu(dense(p, `layer${layer}.wide`, norm(p, `layer${layer}.between`, states)));
      states = tf.add(states, dense(p, `layer${layer}.narrow`, wide));
    }
    // [row, token, hidden] with weights [row, token, 1]
    const weights = tf.reshape(tf.transpose(tf.reshape(batch['weights']!, [tokens, rows]), [1, 0]), [rows, tokens, 1]);
    const last = tf.reshape(norm(p, 'last', states), [rows, tokens, hidden]);
    return dense(p, 'output', tf.sum(tf.mul(last, weights), 1));
  },
});
