import {bootstrapMedianTest} from '../../math/bootstrap-test.ts';
import {compareRuns} from '../../math/compare-runs.ts';
import {holm} from '../../math/correction.ts';
import {fewestSeeds} from '../../math/trusted-runs.ts';
import {smallestRankP} from '../comparisons.ts';
import type {SeedValue} from './measured.ts';
import type {PaperSpec} from './paper-spec.ts';

/** Our runs of one cell against those of another arm. */
export interface PaperTest {
  readonly against: string;
  readonly kind: PaperSpec['test'];
  readonly p: number;
  /** After Holm over all tests of this table. */
  readonly adjusted: number;
  readonly n: readonly [number, number];
  /** Difference of medians, in points. */
  readonly difference: number;
  readonly interval: readonly [number, number] | null;
  /** A12. */
  readonly effect: number;
}

interface Untested {
  readonly row: {readonly name: string};
  readonly columns: readonly {
    readonly runs: readonly SeedValue[];
    readonly against: readonly {readonly arm: string; readonly runs: readonly SeedValue[]}[];
  }[];
}

/**
 * Two-sided and re-centred, since of the forms of this test that alone keeps its level and can yet see something at few runs
 * after Holm: one-sided it finds too much, and of pooled runs p cannot get below .009 with eight runs a side
 * (docs/statistics.md). Without drawing: the p that a star needs after Holm over 50 tests is beyond 10,000 resamples.
 */
export const bootstrapOfTable = {alternative: 'two-sided', null: 'recentred', resamples: 'exact'} as const;

/** A re-centred p may be 0; separated runs show no more than this, whatever test looks at them. */
const bootstrapP = (a: readonly SeedValue[], b: readonly SeedValue[]): number =>
  Math.max(bootstrapMedianTest(values(a), values(b), bootstrapOfTable).p, smallestRankP(a.length, b.length));

const values = (runs: readonly SeedValue[]): number[] => runs.map(run => run.value);

/**
 * Tests of [line][column]: every cell against every arm that its row names, one family for Holm. The table's own kind of
 * test where there are seeds enough for a bootstrap, else the exact Mann-Whitney test; nothing for single runs.
 */
export const judgePaper = (spec: PaperSpec, lines: readonly Untested[]): PaperTest[][][] => {
  const family: {readonly at: readonly [number, number]; readonly test: Omit<PaperTest, 'adjusted'>}[] = [];
  lines.forEach((line, l) =>
    line.columns.forEach((column, c) => {
      for (const {arm, runs} of column.against) {
        const isEnough = Math.min(runs.length, column.runs.length) >= fewestSeeds;
        const kind = isEnough ? spec.test : 'mann-whitney';
        // Each cell has its own stream: another row never moves its interval.
        const seed = [spec.title, line.row.name, spec.columns[c]!.name, arm].join(' ');
        const tests = ['mann-whitney'] as const;
        const options = {tests, null: 'recentred', resamples: 10_000, confidence: 0.95, seed} as const;
        const [ranks] = compareRuns(column.runs, runs, options);
        if (!ranks) continue;
        const {difference, interval, effect, n} = ranks;
        const p = kind === 'mann-whitney' ? ranks.p : bootstrapP(column.runs, runs);
        family.push({at: [l, c], test: {against: arm, kind, p, n, difference, interval, effect}});
      }
    }),
  );
  const adjusted = holm(family.map(({test}) => test.p));
  const found: PaperTest[][][] = lines.map(line => line.columns.map(() => []));
  family.forEach(({at: [l, c], test}, i) => found[l]![c]!.push({...test, adjusted: adjusted[i] ?? 1}));
  return found;
};

/** The largest adjusted p of a cell's tests, where it is better than every arm tested against (or worse than every one). */
export const largestP = (tests: readonly PaperTest[], direction: 'better' | 'any'): number | null => {
  if (tests.length === 0) return null;
  if (direction === 'better' && tests.some(test => test.difference <= 0)) return null;
  return Math.max(...tests.map(test => test.adjusted));
};
