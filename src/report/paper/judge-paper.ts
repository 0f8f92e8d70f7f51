import {compareRuns} from '../../math/compare-runs.ts';
import {holm} from '../../math/correction.ts';
import {fewestSeeds} from '../comparisons.ts';
import type {SeedValue} from './measured.ts';
import type {PaperSpec} from './paper-table.ts';

/** Our runs of one cell against those of another arm. */
export interface PaperTest {
  readonly against: string;
  readonly kind: 'bootstrap-median' | 'mann-whitney';
  readonly p: number;
  /** After Holm over all tests of this table. */
  readonly adjusted: number;
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
 * Tests of [line][column]: every cell against every arm that its row names, one family for Holm. The table's own kind of
 * test where there are seeds enough for a bootstrap, else the exact Mann-Whitney test; nothing for single runs.
 */
export const judgePaper = (spec: PaperSpec, lines: readonly Untested[]): PaperTest[][][] => {
  const family: {readonly at: readonly [number, number]; readonly test: Omit<PaperTest, 'adjusted'>}[] = [];
  lines.forEach((line, l) =>
    line.columns.forEach((column, c) => {
      for (const {arm, runs} of column.against) {
        if (Math.min(runs.length, column.runs.length) < 2) continue;
        const enough = Math.min(runs.length, column.runs.length) >= fewestSeeds;
        const kind = spec.test === 'bootstrap-median' && enough ? 'bootstrap-median' : 'mann-whitney';
        // Each cell has its own stream: another row never moves its p.
        const seed = [spec.title, line.row.name, spec.columns[c]!.name, arm].join(' ');
        const options = {tests: [kind], null: 'recentred', resamples: 10_000, confidence: 0.95, seed} as const;
        const [test] = compareRuns(column.runs, runs, options);
        if (!test) continue;
        const {p, difference, interval, effect} = test;
        family.push({at: [l, c], test: {against: arm, kind, p, difference, interval, effect}});
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
