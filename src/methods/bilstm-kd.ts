import {z} from 'zod';
import {hardTerm, logitsTerm} from './label-terms.ts';
import {defineTaskMethod, noNeeds} from './task-method.ts';
import {weight, weightOf} from './weighted-terms.ts';

/**
 * Tang et al. put a BERT's logits into a BiLSTM by squared error, α = 0 for gold labels. Nothing in it needs a BiLSTM, so
 * that any student may be taught so; a score's "logit" is the score.
 */
export default defineTaskMethod({
  description: 'Squared error to the teacher’s logits.',
  source: 'Tang et al. 2019, equations 5 and 6',
  params: z.strictObject({
    weights: z.strictObject({logits: weight.default(1), hard: weight.default(0)}).prefault({}),
  }),
  plan: ({weights}) => ({
    terms: [logitsTerm(weightOf(weights.logits)), hardTerm(weightOf(weights.hard))],
    maps: {},
    needs: noNeeds,
    perturbation: null,
  }),
});
