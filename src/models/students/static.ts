import * as tf from '@tensorflow/tfjs-core';
import {z} from 'zod';
import {dense, initDense, initEmbedding, tokenEmbeddings, weightedSum} from '../single-direction.ts';
import {defineStudent} from '../student.ts';

/**
 * A student without context: the weighted sum of embeddings, in the manner of Model2Vec, but fitted. A token may learn
 * to count more or less than its weight says (`gate`): weight · exp(gate), divided by the sentence's sum.
 */
export default defineStudent({
  description: 'The weighted sum of embeddings, brought to the teacher’s width: no word sees another.',
  settings: z.strictObject({
    /** `none`: embeddings are as wide as the teacher's vectors and are summed as they are. */
    map: z.enum(['linear', 'none']).default('linear'),
    gate: z.boolean().default(true),
  }),
  directions: 1,
  tables: ['embedding', 'gate'],
  poolings: ['idf', 'mean'],
  init: ({vocabulary, embedding, width}, {map, gate}, random) => {
    if (map === 'none' && embedding !== width) {
      throw new Error(
        `The student's embeddings have ${embedding} numbers, the teacher's vectors ${width}. ` +
          `Add a projection, settings: {map: linear}, or write embedding: ${width}.`,
      );
    }
    return {
      embedding: initEmbedding(vocabulary, embedding, random),
      ...(gate && {gate: {shape: [vocabulary, 1], data: new Float32Array(vocabulary)}}),
      ...(map === 'linear' && initDense('output', embedding, width, random)),
    };
  },
  sentence: (p, batch, ctx, {settings: {map, gate}}) => {
    const x = tokenEmbeddings(batch, ctx);
    let weights = batch['weights']!;
    if (gate) {
      const gates = tf.reshape(ctx.lookup('gate', batch['ids']!), weights.shape);
      const raw = tf.mul(weights, tf.exp(gates));
      // An empty row sums to 0.
      weights = tf.div(raw, tf.maximum(tf.sum(raw, 1, true), 1e-9));
    }
    const sum = weightedSum(x, weights);
    return map === 'linear' ? dense(p, 'output', sum) : sum;
  },
});
