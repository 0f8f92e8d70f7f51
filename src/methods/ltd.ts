import {z} from 'zod';
import type * as tf from '@tensorflow/tfjs-core';
import {cosineDistance, squaredDistance} from '../math/losses.ts';
import {absoluteDistance, contrastiveLoss, relationalDistance} from '../math/vector-losses.ts';
import {defineMethod} from './method.ts';
import type {Term} from './method.ts';

type Distance = (student: tf.Tensor2D, teacher: tf.Tensor2D) => tf.Tensor1D;

const distances = {cosine: cosineDistance, squared: squaredDistance, absolute: absoluteDistance};
const weight = z.number().nonnegative().default(0);

/**
 * LTD-BERT (Tencent QQ, January 2020): the student's sentence vector shall lie where the teacher's lies; no task loss,
 * no masked words. The announcement calls the loss "based on vector distance" and does not name it, so it is a param; what
 * else can be asked of vectors comes in with a weight.
 */
export default defineMethod({
  description: 'Match the teacher’s sentence vector by distance alone.',
  source: 'LTD-BERT announcement, 2020 (no formula printed)',
  params: z.strictObject({
    /** What counts with weight 1. */
    distance: z.enum(['cosine', 'squared', 'absolute']).default('cosine'),
    /** Weights of further terms: similarities within the batch, and telling the own vector from the others'. */
    relational: weight,
    contrastive: weight,
    /**
     * Of the distance of single pieces, where the teacher's vectors of them are given: what the announcement names, and
     * leaves out for its cost.
     */
    pieces: weight,
    temperature: z.number().positive().default(0.05),
  }),
  terms: ({distance, relational, contrastive, pieces, temperature}) => {
    const term = (name: string, of: Distance, own: number): Term => ({
      name,
      weight: own,
      perExample: ({student, teacher}) => of(student, teacher),
    });
    return [
      term(`${distance}-distance`, distances[distance], 1),
      term('relational-distance', relationalDistance, relational),
      term('contrastive-loss', (s, t) => contrastiveLoss(s, t, temperature), contrastive),
      {...term(`${distance}-distance of pieces`, distances[distance], pieces), of: 'pieces' as const},
    ].filter(({weight: own}) => own !== 0);
  },
});
