import {standardDeviation} from '../math/descriptive.ts';
import {smallestRankDifference} from '../math/rank-test-power.ts';
import type {Comparison} from './comparisons.ts';

const known = new Map<string, number>();

/**
 * The shift, in standard deviations over seeds, that the exact Mann-Whitney test at `alpha` finds in 80 % of cases; Infinity
 * where so few seeds can never be significant. Simulated, so each is kept: a table asks for the same few again and again.
 */
export const smallestSeen = (n: number, m: number, alpha = 0.05): number => {
  const name = [n, m, alpha].join();
  const value = known.get(name) ?? smallestRankDifference(n, m, {alpha});
  known.set(name, value);
  return value;
};

/** The same in the metric's own unit, by the pooled spread of both arms; null where a side has one run. */
export const smallestSeenScore = ({a, b}: Comparison, alpha: number): number | null => {
  if (Math.min(a.values.length, b.values.length) < 2) return null;
  const [first, second] = [standardDeviation(a.values, 1), standardDeviation(b.values, 1)];
  const shift = smallestSeen(a.values.length, b.values.length, alpha);
  const spread = Math.sqrt((first * first + second * second) / 2);
  // 0 · ∞: runs without any spread still cannot be significant where there are too few of them.
  return Number.isFinite(shift) ? shift * spread : Infinity;
};
