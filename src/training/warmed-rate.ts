import {warmupLinear} from '../math/schedules.ts';

/** BERT's rate at each step: up over the first `warmup` of all steps, a share, to `peak`, then in a straight line to 0. */
export const warmedRate =
  (peak: number, warmup: number) =>
  (step: number, total: number): number =>
    peak * warmupLinear(step, total, Math.round(warmup * total), 0);
