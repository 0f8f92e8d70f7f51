import {binomialTails} from './binomial-tail.ts';
import {normalTail} from './normal.ts';
import type {Numbers} from './ranks.ts';
import {type Alternative, checkPaired, checkSample, clipToOne} from './samples.ts';

export interface McNemarOptions {
  readonly alternative?: Alternative;
  /** `mid-p`: exact, but half the probability of what was observed; less timid, and no longer guaranteed. */
  readonly method?: 'exact' | 'mid-p' | 'asymptotic';
  /** Subtract 1 from |b − c| in the normal approximation. */
  readonly continuity?: boolean;
}

export interface McNemarResult {
  /** Examples that only the first system has right, and only the second. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly p: number;
}

/**
 * McNemar's test (1947) of two systems on the same examples: of those that just one has right, is it either one with
 * probability ½? `exact` is the binomial test of that, two-sided twice the smaller tail (as `statsmodels`' `mcnemar`);
 * `asymptotic` the normal approximation (|b − c| − 1)/sqrt(b + c), whose square is the usual χ². Where the systems never
 * differ p is 1.
 *
 * @param x 1 where the first system is right, 0 where it is not; y likewise
 */
export const mcnemar = (x: Numbers, y: Numbers, options: McNemarOptions = {}): McNemarResult => {
  checkSample('x', x);
  checkSample('y', y);
  checkPaired(x, y);
  const {alternative = 'two-sided', method = 'exact', continuity = true} = options;
  let [onlyFirst, onlySecond] = [0, 0];
  for (let at = 0; at < x.length; at++) {
    for (const value of [x[at], y[at]]) {
      if (value !== 0 && value !== 1)
        throw new RangeError(`McNemar's test takes 0 and 1, found ${value} at index ${at}.`);
    }
    if (x[at]! > y[at]!) onlyFirst++;
    if (x[at]! < y[at]!) onlySecond++;
  }
  const counts = {onlyFirst, onlySecond};
  if (onlyFirst + onlySecond === 0) return {...counts, p: 1};
  if (method === 'asymptotic') return {...counts, p: asymptotic(onlyFirst, onlySecond, alternative, continuity)};
  const n = onlyFirst + onlySecond;
  const greater = binomialTails(onlyFirst, n, 0.5).atLeast;
  const less = binomialTails(onlyFirst + 1, n, 0.5).below;
  const taken = method === 'mid-p' ? (greater + less - 1) / 2 : 0;
  const p = {greater: greater - taken, less: less - taken, 'two-sided': 2 * (Math.min(greater, less) - taken)};
  return {...counts, p: clipToOne(p[alternative])};
};

const asymptotic = (b: number, c: number, alternative: Alternative, continuity: boolean): number => {
  const excess = alternative === 'greater' ? b - c : alternative === 'less' ? c - b : Math.abs(b - c);
  // Where b = c the correction is larger than the difference; squared, as in statsmodels, −1 would be taken for 1.
  const corrected =
    alternative === 'two-sided' ? Math.max(0, excess - Number(continuity)) : excess - Number(continuity);
  const tail = normalTail(corrected / Math.sqrt(b + c));
  return alternative === 'two-sided' ? 2 * tail : tail;
};
