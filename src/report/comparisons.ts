import {mannWhitneyU} from '../math/mann-whitney.ts';
import {median} from '../math/descriptive.ts';
import {isTrusted} from '../math/trusted-runs.ts';
import {axisText, cellsOf, rowId, type Cell} from './cells.ts';
import {groupBy} from './order.ts';
import type {Results, Test} from './results.ts';

/** One arm against another on one task, with everything that the report knows about it. */
export interface Comparison {
  readonly a: Cell;
  readonly b: Cell;
  /** Difference of the medians over seeds, a − b. */
  readonly difference: number;
  /** The significance stage's tests of this pair that may carry a claim; the first decides stars and words. */
  readonly tests: readonly Test[];
  /** Tests that were made of too few seeds for their kind, and are left aside. */
  readonly untrusted: readonly Test[];
  readonly rank: RankTest | null;
}

/** The exact Mann-Whitney test of two groups of seeds. */
export interface RankTest {
  readonly p: number;
  readonly a12: number;
  /** The smallest p that groups of these sizes, with these ties, could give. */
  readonly smallest: number;
}

/** null where a side has one run: then nothing can be tested. */
export const rankTest = (a: readonly number[], b: readonly number[]): RankTest | null => {
  if (a.length < 2 || b.length < 2) return null;
  const {p, a12, smallest} = mannWhitneyU(a, b, {method: 'exact'});
  return {p, a12, smallest};
};

/** Without ties 2 / C(n + m, n): of all equally likely orders of the pooled runs, the two that separate the groups. */
export const smallestRankP = (n: number, m: number): number => {
  let ways = 1;
  for (let i = 1; i <= n; i++) ways = (ways * (m + i)) / i;
  return Math.min(1, 2 / ways);
};

/**
 * Tests of a against b on the row of `cell`; a test that names no metric, split or axis fits all, one that names an axis just the row
 * with that axis and no other. What decides stands first.
 */
export const testsOf = (results: Results, cell: Cell, b: string): Test[] =>
  results.tests
    .filter(
      t =>
        t.task === cell.task &&
        t.a === cell.arm &&
        t.b === b &&
        (t.metric ?? cell.metric) === cell.metric &&
        (t.split ?? cell.split) === cell.split &&
        axisText(t.axis ?? cell.axis) === axisText(cell.axis),
    )
    .toSorted((x, y) => decides(y) - decides(x));

/** Two-sided before one-sided: a star should cost as much in either direction. */
const deciding = [
  'bootstrap-median',
  'bootstrap',
  'bootstrap-median-greater',
  'seeds-and-examples',
  'mann-whitney',
  'wilcoxon',
];

const decides = ({kind}: Test): number => (deciding.includes(kind) ? deciding.length - deciding.indexOf(kind) : 0);

/** The test whose resampling covers the evaluation examples too, so that it speaks of the task and not of this dev set. */
export const examplesTest = ({tests}: Comparison): Test | undefined => tests.find(t => t.kind === 'seeds-and-examples');

/** Every pair (a, b) on each row that has both arms; of a task with several metrics by the one that was tested. */
export const compare = (results: Results, a: string, b: string): Comparison[] => {
  const cells = cellsOf(results);
  const others = new Map(cells.filter(c => c.arm === b).map(c => [rowId(c), c]));
  const pairs = cells
    .filter(c => c.arm === a)
    .flatMap(cell => {
      const other = others.get(rowId(cell));
      return other ? [{a: cell, b: other}] : [];
    });
  const tested = new Set(results.tests.map(t => `${t.task}\0${t.metric}`));
  const byTask = groupBy(pairs, pair => [pair.a.task, pair.a.split, axisText(pair.a.axis)].join('\0'));
  return [...byTask.values()].flatMap(metrics => {
    const chosen = metrics.filter(pair => tested.has(`${pair.a.task}\0${pair.a.metric}`));
    return (chosen.length > 0 ? chosen : metrics.slice(0, 1)).map(pair => ({
      ...pair,
      difference: median(pair.a.values) - median(pair.b.values),
      tests: testsOf(results, pair.a, b).filter(isTrusted),
      untrusted: testsOf(results, pair.a, b).filter(test => !isTrusted(test)),
      rank: rankTest(pair.a.values, pair.b.values),
    }));
  });
};

/** The pairs worth a table: those that were tested, else the headline pair; the headline pair first. */
export const pairsOf = (results: Results): {readonly a: string; readonly b: string}[] => {
  const tested = results.tests.map(({a, b}) => ({a, b}));
  const all = results.headline ? [results.headline, ...tested] : tested;
  return [...new Map(all.map(pair => [`${pair.a}\0${pair.b}`, pair])).values()];
};

/** The deciding test's p after correction; 1 where there is no test that may carry a claim. */
export const adjustedP = ({tests: [test]}: Comparison): number => test?.adjusted ?? 1;

/** Stars as in BAM's Table 1: p < .05, .01, .001, for an improvement of a over b. */
export const stars = (comparison: Comparison | undefined): string => {
  if (!comparison || comparison.difference <= 0) return '';
  const p = adjustedP(comparison);
  return p < 0.001 ? '***' : p < 0.01 ? '**' : p < 0.05 ? '*' : '';
};
