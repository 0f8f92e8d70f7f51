import {mean} from './descriptive.ts';
import {a12} from './effect-size.ts';
import type {Numbers} from './ranks.ts';
import {checkSample} from './samples.ts';

/**
 * Mean of the middle half of all scores of all runs and tasks, pooled (Agarwal et al. 2021): ⌊N/4⌋ values are dropped at
 * each end, as `scipy.stats.trim_mean(scores, 0.25)`.
 *
 * @param scores one list, or a list of lists in any shape [task][run] or [run][task]
 */
export const interquartileMean = (scores: Numbers | readonly Numbers[]): number => {
  const pooled = Float64Array.from(isNested(scores) ? scores.flatMap(row => Array.from(row)) : scores);
  checkSample('scores', pooled);
  const dropped = Math.floor(pooled.length / 4);
  return mean(pooled.sort().subarray(dropped, pooled.length - dropped));
};

/**
 * Probability that a run of x beats one of y on a task drawn at random, ties ½: the mean over tasks of A12 (Agarwal et al.
 * 2021, section 4.3).
 *
 * @param x scores of one task, or a list [task][run]; y likewise with as many tasks, the numbers of runs may differ
 */
export const probabilityOfImprovement = (x: Numbers | readonly Numbers[], y: Numbers | readonly Numbers[]): number => {
  const [first, second] = [isNested(x) ? x : [x], isNested(y) ? y : [y]];
  if (first.length !== second.length || first.length === 0) {
    throw new RangeError(`Both sides need the same tasks, at least one: found ${first.length} and ${second.length}.`);
  }
  return mean(first.map((runs, task) => a12(runs, second[task]!)));
};

const isNested = (scores: Numbers | readonly Numbers[]): scores is readonly Numbers[] =>
  scores.length > 0 && typeof scores[0] !== 'number';
