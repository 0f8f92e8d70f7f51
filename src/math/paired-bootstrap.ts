import {mean, quantileOfSorted} from './descriptive.ts';
import {createMultinomial} from './multinomial.ts';
import {createRandom, type Random} from './random.ts';
import type {Numbers} from './ranks.ts';
import {type Alternative, checkCount, checkPaired, checkSample, checkShare} from './samples.ts';

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

/** With at most this many distinct differences the counts of each are drawn, not the examples. */
const mostCategories = 3;

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
  const differences = Float64Array.from(x, (value, at) => value - y[at]!);
  const statistic = mean(differences);
  const draw = drawMeans(differences, createRandom(seed));
  const means = Float64Array.from({length: resamples}, draw).sort();
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

const drawMeans = (differences: Float64Array, random: Random): (() => number) => {
  const distinct = distinctValues(differences);
  if (distinct !== null) {
    const draw = createMultinomial(distinct.counts, random);
    const drawn = new Float64Array(distinct.counts.length);
    return () => {
      draw(drawn);
      let sum = 0;
      for (let k = 0; k < drawn.length; k++) sum += drawn[k]! * distinct.values[k]!;
      return sum / differences.length;
    };
  }
  const index = new Int32Array(differences.length);
  return () => {
    random.integers(index, index.length);
    let sum = 0;
    for (let at = 0; at < index.length; at++) sum += differences[index[at]!]!;
    return sum / differences.length;
  };
};

/** The distinct values, ascending, and how often each occurs; null when there are too many to be worth it. */
const distinctValues = (values: Float64Array): {values: number[]; counts: number[]} | null => {
  const counts = new Map<number, number>();
  for (const value of values) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
    if (counts.size > mostCategories) return null;
  }
  const entries = [...counts].sort(([a], [b]) => a - b);
  return {values: entries.map(([value]) => value), counts: entries.map(([, count]) => count)};
};
