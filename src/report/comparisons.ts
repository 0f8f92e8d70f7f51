import {mannWhitneyU} from '../math/mann-whitney.ts';
import {median} from '../math/descriptive.ts';
import {cellsOf, rowId, type Cell} from './cells.ts';
import type {Results, Test} from './results.ts';

/** One arm against another on one task, with everything that the report knows about it. */
export interface Comparison {
  readonly a: Cell;
  readonly b: Cell;
  /** Difference of the medians over seeds, a − b. */
  readonly difference: number;
  /** The significance stage's tests of this pair; the first is the one that decides stars and words. */
  readonly tests: readonly Test[];
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

/** Tests of a against b on the row of `cell`; a test that names no metric, split or axis fits all. What decides stands first. */
export const testsOf = (results: Results, cell: Cell, b: string): Test[] =>
  results.tests
    .filter(
      t =>
        t.task === cell.task &&
        t.a === cell.arm &&
        t.b === b &&
        (t.metric ?? cell.metric) === cell.metric &&
        (t.split ?? cell.split) === cell.split &&
        Object.entries(t.axis ?? {}).every(([name, value]) => cell.axis[name] === value),
    )
    .toSorted((x, y) => decides(y) - decides(x));

/** Two-sided before one-sided: a star should cost as much in either direction. */
const deciding = ['bootstrap-median', 'bootstrap', 'bootstrap-median-greater', 'seeds-and-examples'];

const decides = ({kind}: Test): number =>
  deciding.length - (deciding.includes(kind) ? deciding.indexOf(kind) : deciding.length);

/** The test whose resampling covers the evaluation examples too, so that it speaks of the task and not of this dev set. */
export const examplesTest = ({tests}: Comparison): Test | undefined => tests.find(t => t.kind === 'seeds-and-examples');

/** Every pair (a, b) on each row that has both arms. */
export const compare = (results: Results, a: string, b: string): Comparison[] => {
  const cells = cellsOf(results);
  const others = new Map(cells.filter(c => c.arm === b).map(c => [rowId(c), c]));
  return cells
    .filter(cell => cell.arm === a)
    .flatMap(cell => {
      const other = others.get(rowId(cell));
      if (!other) return [];
      return [
        {
          a: cell,
          b: other,
          difference: median(cell.values) - median(other.values),
          tests: testsOf(results, cell, b),
          rank: rankTest(cell.values, other.values),
        },
      ];
    });
};

/** The pairs worth a table: those that were tested, else the headline pair; the headline pair first. */
export const pairsOf = (results: Results): {readonly a: string; readonly b: string}[] => {
  const tested = results.tests.map(({a, b}) => ({a, b}));
  const all = results.headline ? [results.headline, ...tested] : tested;
  return [...new Map(all.map(pair => [`${pair.a}\0${pair.b}`, pair])).values()];
};

/** Stars as in BAM's Table 1: p < .05, .01, .001, for an improvement of a over b. */
export const stars = (comparison: Comparison | undefined): string => {
  const p = comparison?.tests[0]?.adjusted;
  if (!comparison || p === null || p === undefined || comparison.difference <= 0) return '';
  return p < 0.001 ? '***' : p < 0.01 ? '**' : p < 0.05 ? '*' : '';
};
