import {exponential, logarithm, logGamma} from './elementary.ts';
import {normalTail} from './normal.ts';
import {checkCount, checkShare} from './samples.ts';
import {studentQuantile} from './student-t.ts';

export interface PowerOptions {
  /** Of the two-sided test; for k comparisons alpha/k. */
  readonly alpha?: number;
  readonly power?: number;
}

/**
 * How often a two-sided t test of n against m normal scores finds a difference of `effect` standard deviations, by the
 * noncentral t distribution (as `statsmodels.stats.power.TTestIndPower`). A rank test has about 95 % of its efficiency:
 * `rankTestPower`. Needs three scores in all.
 */
export const tTestPower = (n: number, m: number, effect: number, {alpha = 0.05}: PowerOptions = {}): number => {
  const df = degrees(n, m);
  checkShare('alpha', alpha);
  const critical = studentQuantile(alpha / 2, df);
  const shift = effect * Math.sqrt((n * m) / (n + m));
  return noncentralTail(critical, df, shift) + noncentralTail(critical, df, -shift);
};

/** The difference, in standard deviations, that a t test of n against m scores finds with probability `power` (.8). */
export const smallestDifference = (n: number, m: number, {alpha = 0.05, power = 0.8}: PowerOptions = {}): number => {
  degrees(n, m);
  checkShare('alpha', alpha);
  checkShare('power', power);
  if (power <= alpha) return 0;
  let [low, high] = [0, 1];
  while (tTestPower(n, m, high, {alpha}) < power) high *= 2;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (tTestPower(n, m, middle, {alpha}) < power) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

const degrees = (n: number, m: number): number => {
  checkCount('n', n);
  checkCount('m', m);
  if (n + m < 3) throw new RangeError('A t test needs three scores in all, found two.');
  return n + m - 2;
};

/**
 * P(T ≥ t) of the noncentral t with the given shift: Z + shift ≥ t·s/√df, integrated over s = eᵘ, which has the χ
 * distribution with df degrees of freedom, by the trapezoidal rule.
 */
const noncentralTail = (t: number, df: number, shift: number): number => {
  const middle = logarithm(df) / 2;
  const from = middle - 40 / df - 10 / Math.sqrt(2 * df);
  const to = logarithm(Math.sqrt(df) + 9);
  const steps = 1200;
  const width = (to - from) / steps;
  const scale = logarithm(2) * (df / 2 - 1) + logGamma(df / 2);
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const u = from + i * width;
    const s = exponential(u);
    sum += exponential(df * u - (s * s) / 2 - scale) * normalTail((t * s) / Math.sqrt(df) - shift);
  }
  return sum * width;
};
