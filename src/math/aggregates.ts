import {mean, median} from './descriptive.ts';
import {a12} from './effect-size.ts';
import type {Numbers} from './ranks.ts';
import {checkSample} from './samples.ts';
import {checkSameTasks, checkTable, type ScoreTable} from './score-table.ts';

/**
 * Mean of the middle half of all scores of all runs and tasks, pooled (Agarwal et al. 2021): ⌊N/4⌋ values are dropped at
 * each end, as `scipy.stats.trim_mean(scores, 0.25)`.
 *
 * @param scores one list, or a list of lists in any shape [task][run] or [run][task]
 */
export const interquartileMean = (scores: Numbers | readonly Numbers[]): number => {
  const pooled = pool(scores);
  const dropped = Math.floor(pooled.length / 4);
  return mean(pooled.sort().subarray(dropped, pooled.length - dropped));
};

/** Mean over tasks of the mean over runs; tasks count alike however many runs they have. @param scores [task][run] */
export const meanOfTasks = (scores: ScoreTable): number => mean(taskMeans(scores));

/** Median over tasks of the mean over runs: half of the tasks may have any score. @param scores [task][run] */
export const medianOfTasks = (scores: ScoreTable): number => median(taskMeans(scores));

const taskMeans = (scores: ScoreTable): number[] => {
  checkTable(scores);
  return scores.map(mean);
};

/**
 * By how much the scores miss `target` on average, those above it counting as it: target − mean(min(score, target))
 * (Agarwal et al. 2021; lower is better).
 *
 * @param scores one list, or a list of lists
 */
export const optimalityGap = (scores: Numbers | readonly Numbers[], target = 1): number =>
  target - mean(pool(scores).map(score => Math.min(score, target)));

/**
 * Probability that a run of x beats one of y on a task drawn at random, ties ½: the mean over tasks of A12 (Agarwal et al.
 * 2021, section 4.3).
 *
 * @param x scores of one task, or a list [task][run]; y likewise with as many tasks, the numbers of runs may differ
 */
export const probabilityOfImprovement = (x: Numbers | readonly Numbers[], y: Numbers | readonly Numbers[]): number => {
  const [first, second] = [isNested(x) ? x : [x], isNested(y) ? y : [y]];
  checkSameTasks(first, second);
  return mean(first.map((runs, task) => a12(runs, second[task]!)));
};

const pool = (scores: Numbers | readonly Numbers[]): Float64Array => {
  const pooled = Float64Array.from(isNested(scores) ? scores.flatMap(row => Array.from(row)) : scores);
  checkSample('scores', pooled);
  return pooled;
};

const isNested = (scores: Numbers | readonly Numbers[]): scores is readonly Numbers[] =>
  scores.length > 0 && typeof scores[0] !== 'number';
