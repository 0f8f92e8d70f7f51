import {z} from 'zod';
import {cosineDistance, squaredDistance} from '../math/losses.ts';
import {defineMethod} from './method.ts';

/**
 * LTD-BERT (Tencent QQ, January 2020): the student's sentence vector shall lie where the teacher's lies; no task loss,
 * no masked words. The announcement calls the loss "based on vector distance" and does not name it, so it is a param.
 */
export default defineMethod({
  description: 'Match the teacher’s sentence vector by distance alone.',
  source: 'LTD-BERT announcement, 2020 (no formula printed)',
  params: z.strictObject({distance: z.enum(['cosine', 'squared']).default('cosine')}),
  terms: ({distance}) => [
    {
      name: distance === 'cosine' ? 'cosine-distance' : 'squared-distance',
      weight: 1,
      perExample: ({student, teacher}) =>
        distance === 'cosine' ? cosineDistance(student, teacher) : squaredDistance(student, teacher),
    },
  ],
});
