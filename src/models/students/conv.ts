import * as tf from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {dense, initDense, initEmbedding, tokenEmbeddings, weightedSum} from '../single-direction.ts';
import {defineStudent} from '../student.ts';

/** Each token beside its `reach` neighbours on either side, zeros beyond the ends: [token, batch, dim] → […, (2·reach + 1)·dim] */
const neighbourhood = (x: tf.Tensor3D, reach: number): tf.Tensor3D => {
  const [tokens, batch, dim] = x.shape;
  const padding = tf.zeros([reach, batch, dim]);
  const longer = tf.concat([padding, x, padding], 0);
  const shifted = Array.from({length: 2 * reach + 1}, (_, at) => tf.slice(longer, [at, 0, 0], [tokens, batch, dim]));
  return tf.concat(shifted, 2) as tf.Tensor3D;
};

/** Gated convolutions with residual connections (Dauphin et al. 2017, equation 1) over embeddings. */
export default defineStudent({
  description: 'Gated convolutions over embeddings: each token sees a few neighbours.',
  settings: z.strictObject({
    layers: z.int().min(1).max(8).default(2),
    /** Neighbours on either side that a layer sees. */
    reach: z.int().min(1).max(4).default(1),
  }),
  directions: 1,
  tables: ['embedding'],
  poolings: ['idf', 'mean', 'cls'],
  init: ({vocabulary, embedding, hidden, width}, {layers, reach}, random) => ({
    embedding: initEmbedding(vocabulary, embedding, random),
    ...initDense('input', embedding, hidden, random),
    ...Object.fromEntries(
      Array.from({length: layers}, (_, at) =>
        Object.entries(initDense(`convolution${at}`, (2 * reach + 1) * hidden, 2 * hidden, random)),
      ).flat(),
    ),
    ...initDense('output', hidden, width, random),
  }),
  sentence: (p, batch, ctx, {settings: {layers, reach}}) => {
    const x = tokenEmbeddings(batch, ctx);
    const [tokens, rows, dim] = x.shape;
    const mask = tf.reshape(batch['mask']!, [tokens * rows, 1]);
    // What stands on padding is set to 0 before each layer, as what lies beyond the ends.
    let states = tf.mul(dense(p, 'input', tf.reshape(x, [tokens * rows, dim])), mask);
    const hidden = states.shape[1]!;
    for (let layer = 0; layer < layers; layer++) {
      const seen = neighbourhood(tf.reshape(states, [tokens, rows, hidden]), reach);
      const both = dense(p, `convolution${layer}`, tf.reshape(seen, [tokens * rows, -1]));
      const [value, gate] = tf.split(both, 2, 1) as [tf.Tensor, tf.Tensor];
      states = tf.mul(tf.add(states, tf.mul(value, tf.sigmoid(gate))), mask);
    }
    return dense(p, 'output', weightedSum(tf.reshape(states, [tokens, rows, hidden]), batch['weights']!));
  },
});
