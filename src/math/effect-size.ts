import {midranks, type Numbers} from './ranks.ts';
import {checkSample} from './samples.ts';

/** Vargha and Delaney's A12 = P(x > y) + ½ P(x = y): ½ means no difference. */
export const a12 = (x: Numbers, y: Numbers): number => {
  checkSample('x', x);
  checkSample('y', y);
  const both = new Float64Array(x.length + y.length);
  both.set(x);
  both.set(y, x.length);
  let rankSum = 0;
  midranks(both)
    .subarray(0, x.length)
    .forEach(rank => (rankSum += rank));
  return (rankSum - (x.length * (x.length + 1)) / 2) / (x.length * y.length);
};

/** Cliff's delta = P(x > y) − P(x < y) = 2·A12 − 1, in [−1, 1]. */
export const cliffsDelta = (x: Numbers, y: Numbers): number => 2 * a12(x, y) - 1;
