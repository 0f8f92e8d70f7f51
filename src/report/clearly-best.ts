import {holm} from '../math/correction.ts';
import {median} from '../math/descriptive.ts';
import {rankTest} from './comparisons.ts';

interface Runs {
  readonly values: readonly number[];
}

/**
 * The best of a row or column, when it's better than every other by more than seeds explain: p < .05 by the exact
 * Mann-Whitney test against each arm with several runs (Holm over these), above each single run in all of its own.
 */
export const clearlyBest = <T extends Runs>(cells: readonly T[]): T | null => {
  const [best, ...rest] = cells.toSorted((a, b) => median(b.values) - median(a.values));
  if (!best || rest.length === 0 || best.values.length < 2) return null;
  const single = rest.filter(c => c.values.length === 1);
  if (single.some(c => Math.min(...best.values) <= Math.max(...c.values))) return null;
  const tests = rest.flatMap(c => rankTest(best.values, c.values) ?? []);
  return holm(tests.map(t => t.p)).every((p, i) => p < 0.05 && (tests[i]?.a12 ?? 0) > 0.5) ? best : null;
};
