import {mean, median, medianInPlace} from './descriptive.ts';
import {drawMeanGaps} from './draw-sums.ts';
import {exactMedianP} from './exact-median-p.ts';
import {createRandom, type Random} from './random.ts';
import type {Numbers} from './ranks.ts';
import {createResampler} from './resample.ts';
import {type Alternative, checkCount, checkSample, type NullHypothesis} from './samples.ts';
import type {TestResult} from './statistic.ts';

export interface BootstrapTestOptions {
  readonly alternative?: Alternative;
  /** How the data are made to obey "no difference" before resampling; see `bootstrapMedianTest`. */
  readonly null?: NullHypothesis;
  /** `exact`, of medians only: the p that ever more resamples come near, computed without any. */
  readonly resamples?: number | 'exact';
  readonly seed?: number | string;
}

/**
 * Bootstrap hypothesis test of the difference of medians T = median(x) − median(y) of two independent samples.
 *
 * Under the null hypothesis resamples x* (n values) and y* (m values) come
 * - `recentred` (default): each from its own sample, shifted so that both medians are equal: only the medians are the same;
 * - `pooled`: both from the union of x and y: the two distributions are the same.
 *
 * p = (1 + #{T* ≥ T})/(B + 1) for `greater`, ≤ for `less`, |T*| ≥ |T| for two-sided; the 1 keeps p from being 0, which no
 * number of resamples can show (Davison and Hinkley 1997, equation 4.11). So the smallest possible p is 1/(B + 1); that of
 * `exact` may be 0, where no resample reaches T.
 *
 * Stars of a table of medians over trials are made of this: one-sided, against each baseline; against several baselines at
 * once the largest p counts. The paper (Clark et al. 2019, table 1) says "bootstrap hypothesis tests" and defines no more,
 * so both null hypotheses are offered. They differ at few trials: docs/statistics.md has how often either errs, and
 * `strayWarning` says where. With five trials the pooled form cannot see even separated samples, and the one-sided
 * re-centred one is too easy.
 */
export const bootstrapMedianTest = (x: Numbers, y: Numbers, options: BootstrapTestOptions = {}): TestResult => {
  checkSample('x', x);
  checkSample('y', y);
  const {alternative = 'two-sided', null: hypothesis = 'recentred', resamples = 10_000, seed = 0} = options;
  if (resamples === 'exact') return exactMedianP(x, y, alternative, hypothesis);
  checkCount('resamples', resamples);
  const statistic = median(x) - median(y);
  const draw = nullMedians(x, y, hypothesis, createRandom(seed));
  // A sum of rounded numbers may miss the observed value by an ulp; a tie must count as reached.
  const slack = 1e-12 * Math.max(1, Math.abs(median(x)), Math.abs(median(y)));
  let reached = 0;
  for (let at = 0; at < resamples; at++) if (isReached(draw(), statistic, alternative, slack)) reached++;
  return {statistic, p: (reached + 1) / (resamples + 1)};
};

export interface BootstrapMeanTestOptions extends BootstrapTestOptions {
  readonly resamples?: number;
  /** Divide each difference by its own standard error, sqrt(s²/n + s²/m): better at few values. */
  readonly studentized?: boolean;
}

/**
 * The same for means, T = mean(x) − mean(y) (Efron and Tibshirani 1993, algorithms 16.1 pooled and 16.2 re-centred, the
 * latter studentised unless told otherwise). A studentised resample without spread is infinitely far out, or 0 if its means
 * are equal. Studentised tests need two values a side. `statistic` is the difference of the means either way.
 */
export const bootstrapMeanTest = (x: Numbers, y: Numbers, options: BootstrapMeanTestOptions = {}): TestResult => {
  checkSample('x', x);
  checkSample('y', y);
  const {alternative = 'two-sided', null: hypothesis = 'recentred', resamples = 10_000, seed = 0} = options;
  const {studentized = hypothesis === 'recentred'} = options;
  checkCount('resamples', resamples);
  if (studentized && Math.min(x.length, y.length) < 2) {
    throw new RangeError('A studentised test needs two values a side: found one. Set studentized: false.');
  }
  const statistic = mean(x) - mean(y);
  const observed = studentized ? studentize(Float64Array.from(x), Float64Array.from(y), 0) : statistic;
  const random = createRandom(seed);
  const draws = studentized
    ? studentizedGaps(x, y, hypothesis, resamples, random)
    : meanGaps(x, y, hypothesis, resamples, random);
  const slack =
    1e-12 * (studentized ? Math.max(1, Math.abs(observed)) : Math.max(Math.abs(mean(x)), Math.abs(mean(y))));
  let reached = 0;
  for (let at = 0; at < resamples; at++) if (isReached(draws[at]!, observed, alternative, slack)) reached++;
  return {statistic, p: (reached + 1) / (resamples + 1)};
};

const isReached = (drawn: number, observed: number, alternative: Alternative, slack: number): boolean =>
  alternative === 'greater'
    ? drawn >= observed - slack
    : alternative === 'less'
      ? drawn <= observed + slack
      : Math.abs(drawn) >= Math.abs(observed) - slack;

const pooled = (x: Numbers, y: Numbers): Float64Array => Float64Array.from([...Array.from(x), ...Array.from(y)]);

const nullMedians = (x: Numbers, y: Numbers, hypothesis: NullHypothesis, random: Random) => {
  if (hypothesis === 'recentred') {
    const centres = [median(x), median(y)] as const;
    const resample = createResampler([x, y], random, false);
    return () => {
      const [first, second] = resample() as [Float64Array, Float64Array];
      return medianInPlace(first) - centres[0] - (medianInPlace(second) - centres[1]);
    };
  }
  const resample = createResampler([pooled(x, y)], random, false);
  return () => {
    const [drawn] = resample() as [Float64Array];
    return medianInPlace(drawn.subarray(0, x.length)) - medianInPlace(drawn.subarray(x.length));
  };
};

const meanGaps = (x: Numbers, y: Numbers, hypothesis: NullHypothesis, resamples: number, random: Random) => {
  const draws = [x.length, y.length] as const;
  if (hypothesis === 'pooled') return drawMeanGaps(pooled(x, y), pooled(x, y), draws, resamples, random);
  const [first, second] = [mean(x), mean(y)];
  const centred = (values: Numbers, centre: number) => Float64Array.from(values, value => value - centre);
  return drawMeanGaps(centred(x, first), centred(y, second), draws, resamples, random);
};

const studentizedGaps = (x: Numbers, y: Numbers, hypothesis: NullHypothesis, resamples: number, random: Random) => {
  const centre = hypothesis === 'pooled' ? 0 : mean(x) - mean(y);
  const resample = createResampler(hypothesis === 'pooled' ? [pooled(x, y)] : [x, y], random, false);
  return Float64Array.from({length: resamples}, () => {
    const [first, second] = resample() as [Float64Array, Float64Array?];
    return second
      ? studentize(first, second, centre)
      : studentize(first.subarray(0, x.length), first.subarray(x.length), centre);
  });
};

const studentize = (x: Float64Array, y: Float64Array, centre: number): number => {
  const [first, second] = [meanAndError(x), meanAndError(y)];
  const gap = first.mean - second.mean - centre;
  const scale = Math.max(Math.abs(first.mean), Math.abs(second.mean));
  // Equal numbers whose mean is rounded have no spread and no difference.
  if (Math.abs(gap) <= 1e-14 * scale) return 0;
  const error = Math.sqrt(first.error + second.error);
  return error <= 1e-14 * scale ? Math.sign(gap) * Infinity : gap / error;
};

const meanAndError = (values: Float64Array): {mean: number; error: number} => {
  const centre = mean(values);
  let squares = 0;
  for (let at = 0; at < values.length; at++) squares += (values[at]! - centre) * (values[at]! - centre);
  return {mean: centre, error: squares / (values.length - 1) / values.length};
};
