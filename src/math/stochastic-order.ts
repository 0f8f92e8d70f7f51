import {standardDeviation} from './descriptive.ts';
import {normalQuantile} from './normal.ts';
import {createRandom} from './random.ts';
import type {Numbers} from './ranks.ts';
import {createResampler} from './resample.ts';
import {checkCount, checkSample, checkShare} from './samples.ts';

export interface StochasticOrderOptions {
  /** Of the bound `epsMin`, over all comparisons together. */
  readonly confidence?: number;
  /** How many comparisons are made: by Bonferroni each bound then has the confidence 1 − (1 − confidence)/comparisons. */
  readonly comparisons?: number;
  readonly resamples?: number;
  readonly seed?: number | string;
}

export interface StochasticOrderResult {
  /** How far x is from being stochastically larger than y: 0 = it is, 1 = y is; ½ for equal samples. */
  readonly violation: number;
  /** Upper confidence bound of the violation: x is called better below ½, safely so below ¼. */
  readonly epsMin: number;
}

/**
 * Almost stochastic order (del Barrio et al. 2018; Dror et al. 2019): with quantile functions Q of the samples,
 * violation = ∫ max(Q_y − Q_x, 0)² dt / ∫ (Q_y − Q_x)² dt over (0, 1). The quantile functions are step functions, so the
 * integrals are exact sums over the pieces between the points i/n and j/m, not a grid.
 *
 * epsMin = clip(violation − sqrt((n + m)/(nm))·σ̂·Φ⁻¹((1 − confidence)/comparisons), 0, 1), σ̂ the standard deviation over resamples of
 * sqrt(nm/(n + m))·(violation* − violation).
 */
export const almostStochasticOrder = (
  x: Numbers,
  y: Numbers,
  {confidence = 0.95, comparisons = 1, resamples = 1000, seed = 0}: StochasticOrderOptions = {},
): StochasticOrderResult => {
  checkSample('x', x);
  checkSample('y', y);
  checkShare('confidence', confidence);
  checkCount('resamples', resamples);
  checkCount('comparisons', comparisons);
  const violation = violationOfSorted(Float64Array.from(x).sort(), Float64Array.from(y).sort());
  const resample = createResampler([x, y], createRandom(seed), false);
  const violations = Float64Array.from({length: resamples}, () => {
    const [first, second] = resample() as [Float64Array, Float64Array];
    return violationOfSorted(first.sort(), second.sort());
  });
  // The factors sqrt(nm/(n + m)) and its inverse cancel, and so does the shift by `violation`.
  const bound = violation - standardDeviation(violations, 0) * normalQuantile((1 - confidence) / comparisons);
  return {violation, epsMin: Math.max(0, Math.min(1, bound))};
};

const violationOfSorted = (x: Float64Array, y: Float64Array): number => {
  const [n, m] = [x.length, y.length];
  let [above, all] = [0, 0];
  // Walk t in units of 1/(nm): whole numbers, so that i/n and j/m meet exactly where they should.
  for (let i = 0, j = 0, t = 0; i < n && j < m;) {
    const end = Math.min((i + 1) * m, (j + 1) * n);
    const gap = y[j]! - x[i]!;
    all += gap * gap * (end - t);
    if (gap > 0) above += gap * gap * (end - t);
    t = end;
    if (t === (i + 1) * m) i++;
    if (t === (j + 1) * n) j++;
  }
  return all === 0 ? 0.5 : above / all;
};
