import {z} from 'zod';
import {hardTerm, softTerm} from './label-terms.ts';
import {defineTaskMethod, noNeeds} from './task-method.ts';
import {weight, weightOf} from './weighted-terms.ts';

/** Soft targets at a temperature, beside gold labels of less weight; nothing of the teacher but its logits. */
export default defineTaskMethod({
  description: 'The teacher’s label probabilities at a temperature, and gold labels.',
  source: 'Hinton, Vinyals and Dean 2015, section 2',
  params: z.strictObject({
    weights: z.strictObject({soft: weight.default(1), hard: weight.default(0.5)}).prefault({}),
    temperature: z.number().positive().default(2),
  }),
  plan: ({weights, temperature}) => ({
    terms: [softTerm(weightOf(weights.soft), {temperature, by: 'kl'}), hardTerm(weightOf(weights.hard))],
    maps: {},
    needs: noNeeds,
    perturbation: null,
  }),
});
