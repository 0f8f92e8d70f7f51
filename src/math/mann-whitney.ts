import {sortSmall} from './descriptive.ts';
import {exactP} from './exact-p.ts';
import {normalTail} from './normal.ts';
import {rankSumTails} from './rank-sum-distribution.ts';
import type {Numbers} from './ranks.ts';
import {type Alternative, checkSample, clipToOne, type RankTestOptions, type RankTestResult} from './samples.ts';

export type MannWhitneyOptions = RankTestOptions;

export interface MannWhitneyResult extends RankTestResult {
  /** U of `x`: the number of pairs with x above y, ties counting ½. */
  readonly u: number;
  /** Vargha and Delaney's A = P(x > y) + ½ P(x = y) = u/(n·m). */
  readonly a12: number;
}

/** Above this many pairs `auto` takes the normal approximation, which is then good to three digits. */
const largestExact = 2500;

/**
 * Mann and Whitney's U test of two independent samples.
 *
 * `exact` is the permutation distribution of U given the ties that are there (SciPy's `exact` ignores ties and is then
 * wrong); `asymptotic` is the normal approximation with the tie correction, as SciPy's. Two-sided p is twice the smaller
 * tail, at most 1. `auto` (the default) is exact up to 2,500 pairs, with ties or without.
 * `continuity` is on unless it is turned off. When all values are equal p is 1. Empty samples and values that are not finite: RangeError.
 */
export const mannWhitneyU = (x: Numbers, y: Numbers, options: MannWhitneyOptions = {}): MannWhitneyResult => {
  checkSample('x', x);
  checkSample('y', y);
  const {alternative = 'two-sided', method = 'auto', continuity = true} = options;
  const [n, m] = [x.length, y.length];
  const {u, ties} = compareAll(x, y);
  const chosen = method === 'auto' ? (n * m <= largestExact ? 'exact' : 'asymptotic') : method;
  const {p, smallest} =
    chosen === 'exact'
      ? exactP(rankSumTails(u, n, m, ties), alternative)
      : {p: asymptoticP(u, n, m, ties, alternative, continuity), smallest: NaN};
  return {u, p, a12: u / (n * m), method: chosen, smallest};
};

/** U of x, and the sizes of the groups of equal values in ascending order, by one walk along both sorted samples. */
const compareAll = (x: Numbers, y: Numbers): {u: number; ties: number[]} => {
  const first = sorted(x);
  const second = sorted(y);
  const ties: number[] = [];
  let u = 0;
  let i = 0;
  let j = 0;
  while (i < first.length || j < second.length) {
    const value = Math.min(i < first.length ? first[i]! : Infinity, j < second.length ? second[j]! : Infinity);
    const fromI = i;
    const fromJ = j;
    while (i < first.length && first[i] === value) i++;
    while (j < second.length && second[j] === value) j++;
    // These values of x are above the j's before them, and tie with those beside them.
    u += (i - fromI) * (fromJ + (j - fromJ) / 2);
    ties.push(i - fromI + (j - fromJ));
  }
  return {u, ties};
};

const sorted = (values: Numbers): Float64Array => {
  const copy = new Float64Array(values.length);
  for (let at = 0; at < copy.length; at++) copy[at] = values[at]!;
  sortSmall(copy);
  return copy;
};

/** Mean nm/2, variance nm/12·((N + 1) − Σ(t³ − t)/(N(N − 1))) (Hollander and Wolfe, ch. 4.1). */
const asymptoticP = (
  u: number,
  n: number,
  m: number,
  ties: readonly number[],
  alternative: Alternative,
  continuity: boolean,
): number => {
  const total = n + m;
  // ties of one value add nothing; N = 1 cannot occur
  const tied = ties.reduce((sum, size) => sum + (size * size * size - size), 0);
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - tied / (total * (total - 1))));
  if (ties.length === 1) return 1;
  const excess = alternative === 'greater' ? u : alternative === 'less' ? n * m - u : Math.max(u, n * m - u);
  const z = (excess - (n * m) / 2 - (continuity ? 0.5 : 0)) / deviation;
  return alternative === 'two-sided' ? clipToOne(2 * normalTail(z)) : normalTail(z);
};
