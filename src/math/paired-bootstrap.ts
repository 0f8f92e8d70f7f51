import {mean, quantileOfSorted} from './descriptive.ts';
import {drawMeans, smallestInBlocks} from './draw-sums.ts';
import {createRandom, type Random} from './random.ts';
import type {Numbers} from './ranks.ts';
import {createSampler} from './sample-table.ts';
import {type Alternative, checkCount, checkPaired, checkSample, checkShare} from './samples.ts';
import {trinomialSums} from './trinomial-sums.ts';

export interface PairedBootstrapOptions {
  readonly alternative?: Alternative;
  readonly resamples?: number;
  readonly confidence?: number;
  readonly seed?: number | string;
}

export interface PairedBootstrapResult {
  /** mean(x) − mean(y). */
  readonly statistic: number;
  readonly p: number;
  /** Percentile interval of the difference. */
  readonly low: number;
  readonly high: number;
}

/**
 * Paired bootstrap test of mean(x) − mean(y), x and y being scores of two systems on the same examples (Efron and
 * Tibshirani 1993, ch. 16; in this field Koehn 2004): examples are resampled with replacement, T* is the mean difference
 * of the resample, and under the null hypothesis T* − T has the distribution of T. p = (1 + #{T* − T ≥ T})/(B + 1) for
 * `greater`, mirrored for `less`, absolute values for two-sided. Equal samples: statistic 0, p 1.
 */
export const pairedBootstrap = (
  x: Numbers,
  y: Numbers,
  options: PairedBootstrapOptions = {},
): PairedBootstrapResult => {
  checkSample('x', x);
  checkSample('y', y);
  checkPaired(x, y);
  const {alternative = 'two-sided', resamples = 10_000, confidence = 0.95, seed = 0} = options;
  checkCount('resamples', resamples);
  checkShare('confidence', confidence);
  const differences = new Float64Array(x.length);
  for (let at = 0; at < differences.length; at++) differences[at] = x[at]! - y[at]!;
  const statistic = mean(differences);
  const means = sortedMeans(differences, resamples, createRandom(seed));
  const tail = (1 - confidence) / 2;
  return {
    statistic,
    p: recentredP(means, statistic, alternative),
    low: quantileOfSorted(means, tail),
    high: quantileOfSorted(means, 1 - tail),
  };
};

/** p of an observed statistic by its own bootstrap distribution, moved to be centred at 0. */
export const recentredP = (statistics: Numbers, observed: number, alternative: Alternative): number => {
  // Sums in another order differ by ulps; what equals the observed value in exact arithmetic must count.
  const slack = 1e-12 * Math.abs(observed);
  let reached = 0;
  for (let at = 0; at < statistics.length; at++) {
    const moved = statistics[at]! - observed;
    const isReached =
      alternative === 'greater'
        ? moved >= observed - slack
        : alternative === 'less'
          ? moved <= observed + slack
          : Math.abs(moved) >= Math.abs(observed) - slack;
    if (isReached) reached++;
  }
  return (reached + 1) / (statistics.length + 1);
};

/** Means of so many resamples, ascending. */
const sortedMeans = (differences: Float64Array, resamples: number, random: Random): Float64Array => {
  const size = differences.length;
  const steps = countSteps(differences);
  if (steps === null)
    return size < smallestInBlocks
      ? singly(differences, resamples, random)
      : drawMeans(differences, resamples, random).sort();
  const means = new Float64Array(resamples);
  // Of 0/1 scores the resample's sum alone is drawn, from its exact distribution: one step instead of one an example.
  const {step, down, same, up} = steps;
  const draw = createSampler(trinomialSums(size, [down / size, same / size, up / size]), random);
  const drawn = new Uint32Array(2 * size + 1);
  for (let resample = 0; resample < resamples; resample++) drawn[draw()]!++;
  let to = 0;
  for (let sum = 0; sum < drawn.length; sum++) {
    const value = (step * (sum - size)) / size;
    for (let count = drawn[sum]!; count > 0; count--) means[to++] = value;
  }
  return means;
};

/** Few examples are drawn one by one, the plainest way; many are what takes time. */
const singly = (differences: Float64Array, resamples: number, random: Random): Float64Array => {
  const means = new Float64Array(resamples);
  const index = new Int32Array(differences.length);
  for (let resample = 0; resample < resamples; resample++) {
    random.integers(index, index.length);
    let sum = 0;
    for (let at = 0; at < index.length; at++) sum += differences[index[at]!]!;
    means[resample] = sum / index.length;
  }
  return means.sort();
};

/** How many differences are −step, 0 and step, when there are no others: those of 0/1 scores, or of scores in percent. */
const countSteps = (differences: Float64Array): {step: number; down: number; same: number; up: number} | null => {
  let step = 0;
  let down = 0;
  let up = 0;
  for (let at = 0; at < differences.length; at++) {
    const difference = differences[at]!;
    if (difference === 0) continue;
    if (step === 0) step = Math.abs(difference);
    if (difference === step) up++;
    else if (difference === -step) down++;
    else return null;
  }
  return {step, down, same: differences.length - down - up, up};
};
