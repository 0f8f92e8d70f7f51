import {mean} from './descriptive.ts';
import {a12} from './effect-size.ts';
import {normalQuantile} from './normal.ts';
import {midranks, type Numbers} from './ranks.ts';
import {checkSample, checkShare} from './samples.ts';
import type {Interval} from './statistic.ts';
import {studentQuantile} from './student-t.ts';

export interface EffectIntervalOptions {
  readonly confidence?: number;
  readonly method?: 'newcombe' | 'brunner-munzel';
}

/**
 * Vargha and Delaney's A12 of two independent samples with a confidence interval.
 *
 * - `newcombe` (default): the A at which the estimate would lie z standard errors away, the variance taken at that A:
 *   A(1 − A)(1 + h(1 − A)/(2 − A) + hA/(1 + A))/(nm), h = (n + m)/2 − 1 (Newcombe 2006, method 5). It stays within
 *   [0, 1] and has a width even where the samples are separated, down to one value a side.
 * - `brunner-munzel`: estimate ± t·standard error of the placements (Brunner and Munzel 2000), as
 *   `statsmodels.stats.nonparametric.rank_compare_2indep`. Needs two values a side; of separated samples it is a point,
 *   and it may pass 0 and 1.
 *
 * Empty samples and values that are not finite: RangeError.
 */
export const a12Interval = (x: Numbers, y: Numbers, options: EffectIntervalOptions = {}): Interval => {
  const {confidence = 0.95, method = 'newcombe'} = options;
  checkShare('confidence', confidence);
  const estimate = a12(x, y);
  return method === 'newcombe'
    ? newcombe(estimate, x.length, y.length, -normalQuantile((1 - confidence) / 2))
    : brunnerMunzel(estimate, x, y, (1 - confidence) / 2);
};

/** Cliff's delta = 2·A12 − 1 with the same interval. */
export const cliffsDeltaInterval = (x: Numbers, y: Numbers, options: EffectIntervalOptions = {}): Interval => {
  const {estimate, low, high} = a12Interval(x, y, options);
  return {estimate: 2 * estimate - 1, low: 2 * low - 1, high: 2 * high - 1};
};

const newcombe = (estimate: number, n: number, m: number, z: number): Interval => {
  const half = (n + m) / 2 - 1;
  const variance = (a: number): number =>
    (a * (1 - a) * (1 + (half * (1 - a)) / (2 - a) + (half * a) / (1 + a))) / (n * m);
  const isWithin = (a: number): boolean => (estimate - a) * (estimate - a) <= z * z * variance(a);
  // From the estimate, which is within, to the end, which is not unless it is the estimate.
  const bound = (end: number): number => {
    let [inside, outside] = [estimate, end];
    if (inside === outside) return end;
    for (let step = 0; step < 60; step++) {
      const middle = (inside + outside) / 2;
      if (isWithin(middle)) inside = middle;
      else outside = middle;
    }
    return (inside + outside) / 2;
  };
  return {estimate, low: bound(0), high: bound(1)};
};

const brunnerMunzel = (estimate: number, x: Numbers, y: Numbers, tail: number): Interval => {
  for (const [name, sample] of [
    ['x', x],
    ['y', y],
  ] as const) {
    checkSample(name, sample);
    if (sample.length < 2) throw new RangeError(`brunner-munzel needs two values a side, found one in ${name}.`);
  }
  const parts = [placements(x, y), placements(y, x)].map(placed => {
    const centre = mean(placed);
    let squares = 0;
    for (const value of placed) squares += (value - centre) * (value - centre);
    return {error: squares / (placed.length - 1) / placed.length, df: placed.length - 1};
  });
  const error = parts.reduce((sum, part) => sum + part.error, 0);
  if (error === 0) return {estimate, low: estimate, high: estimate};
  const df = (error * error) / parts.reduce((sum, part) => sum + (part.error * part.error) / part.df, 0);
  const reach = studentQuantile(tail, df) * Math.sqrt(error);
  return {estimate, low: estimate - reach, high: estimate + reach};
};

/** For each value the share of the other sample that lies below it, ties ½. */
const placements = (sample: Numbers, other: Numbers): Float64Array => {
  const pooled = midranks([...Array.from(sample), ...Array.from(other)]);
  return midranks(sample).map((rank, at) => (pooled[at]! - rank) / other.length);
};
