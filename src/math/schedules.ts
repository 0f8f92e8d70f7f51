/** Learning-rate factors in [0, 1] for step 0, 1, …, total − 1. */

const checkSteps = (step: number, total: number): void => {
  if (step >= 0 && total > 0) return;
  throw new RangeError(`A schedule needs step ≥ 0 and total > 0, found step ${step} of ${total}.`);
};

/** From 1 down in a straight line, at least `floor`: the last steps still learn something. */
export const linearDecay = (step: number, total: number, floor = 0.05): number => {
  checkSteps(step, total);
  return Math.max(floor, 1 - step / total);
};

/** Up in a straight line over the first `warmup` steps (step 0 is 1/warmup), times `linearDecay`. */
export const warmupLinear = (step: number, total: number, warmup: number, floor = 0.05): number => {
  const decay = linearDecay(step, total, floor);
  return warmup > 0 ? Math.min(1, (step + 1) / warmup) * decay : decay;
};

/** (1 + cos(π·step/total)) / 2, from 1 to 0 (Loshchilov and Hutter 2017, equation 5, one period). */
export const cosineDecay = (step: number, total: number): number => {
  checkSteps(step, total);
  return 0.5 * (1 + Math.cos(Math.PI * Math.min(1, step / total)));
};
