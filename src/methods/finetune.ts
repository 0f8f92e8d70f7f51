import {z} from 'zod';
import {hardTerm} from './label-terms.ts';
import {defineTaskMethod, noNeeds} from './task-method.ts';

/** What distillation is compared with: the same student, the same budget, gold labels alone. */
export default defineTaskMethod({
  description: 'Gold labels alone, without a teacher.',
  source: 'Devlin et al. 2018, section 3.2',
  params: z.strictObject({}),
  plan: () => ({terms: [hardTerm(1)], maps: {}, needs: {...noNeeds, logits: false}, perturbation: null}),
});
