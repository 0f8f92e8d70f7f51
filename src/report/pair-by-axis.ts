import {compareRuns} from '../math/compare-runs.ts';
import {holm} from '../math/correction.ts';
import {median} from '../math/descriptive.ts';
import {axisText, deviation, type Cell} from './cells.ts';
import {compare, type Comparison} from './comparisons.ts';
import {points, probability, signedPoints} from './format.ts';
import type {Results} from './results.ts';
import type {Worded} from './table.ts';

/** Two arms on one task at one value of an axis. */
export interface PairRow {
  readonly comparison: Comparison;
  /** The value of the axis. */
  readonly at: string;
  /** The other axes, where there are any. */
  readonly axis: string;
  readonly a: Worded;
  readonly b: Worded;
  readonly difference: Worded;
  /** After Holm over all rows tested; null where a side has one run. */
  readonly p: Worded | null;
  readonly seeds: string;
}

/** `72.0 ± 0.6`: the median over seeds and the sample standard deviation. */
export const medianWording = ({values}: Cell): Worded => {
  const spread = deviation(values);
  return {
    value: 100 * median(values),
    text: `${points(median(values))}${spread === null ? '' : ` ± ${points(spread)}`}`,
    parts: {spread: spread === null ? null : 100 * spread, n: values.length},
  };
};

const difference = ({a, b, difference}: Comparison, seed: string): Worded => {
  const runs = ({values}: Cell) => values.map((value, i) => ({seed: i, value}));
  const options = {tests: ['mann-whitney'], null: 'recentred', resamples: 10_000, confidence: 0.95, seed} as const;
  const [low, high] = compareRuns(runs(a), runs(b), options)[0]?.interval ?? [];
  const ends = low === undefined || high === undefined ? '' : ` [${signedPoints(low)}, ${signedPoints(high)}]`;
  return {
    value: 100 * difference,
    text: `${signedPoints(difference)}${ends}`,
    parts: {low: low === undefined ? null : 100 * low, high: high === undefined ? null : 100 * high},
  };
};

/**
 * Arm a against arm b on every task and every value of `axis`, in the order that `rank` gives the values: exact two-sided
 * Mann-Whitney tests over seeds, Holm over all rows; intervals of the differences of medians by the bootstrap. `without` is
 * the value of results that do not have the axis; by default those are left out.
 */
export const pairByAxis = (
  results: Results,
  arms: {readonly a: string; readonly b: string},
  axis: string,
  rank: (value: string) => number,
  without?: string,
): PairRow[] => {
  const valueOf = ({a}: Comparison): string => a.axis[axis] ?? without ?? '';
  const all = compare(results, arms.a, arms.b)
    .filter(({a}) => axis in a.axis || without !== undefined)
    .toSorted((x, y) => (x.a.task === y.a.task ? rank(valueOf(x)) - rank(valueOf(y)) : 0));
  const tested = all.filter(c => c.rank !== null);
  const adjusted = holm(tested.map(c => c.rank!.p));
  return all.map(comparison => {
    const {a, b} = comparison;
    const p = adjusted[tested.indexOf(comparison)];
    const others = Object.fromEntries(Object.entries(a.axis).filter(([name]) => name !== axis));
    return {
      comparison,
      at: valueOf(comparison),
      axis: axisText(others),
      a: medianWording(a),
      b: medianWording(b),
      difference: difference(comparison, `${axis} ${a.task} ${axisText(a.axis)}`),
      p: p === undefined ? null : {value: p, text: probability(p)},
      seeds: `${a.values.length}, ${b.values.length}`,
    };
  });
};
