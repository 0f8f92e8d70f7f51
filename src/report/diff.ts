import {median} from '../math/descriptive.ts';
import {axisText, cellId, cellsOf, type Cell} from './cells.ts';
import type {Cost} from './cost.ts';
import type {Published, Results, Score, Test} from './results.ts';
import {judge, type Correction, type Verdict} from './verdict.ts';

/** One cell of the report, named. */
export type CellName = Pick<Cell, 'task' | 'split' | 'metric' | 'arm' | 'axis'>;

export interface Side {
  readonly median: number;
  readonly n: number;
}

export interface CellChange extends CellName, Verdict {
  readonly old: Side;
  readonly new: Side;
  /** New median minus old median. */
  readonly difference: number;
}

export interface CellPresence extends CellName, Side {}

/** A record (a test, a published figure) that differs; null on the side that hasn't got it. */
export interface RecordChange<T> {
  readonly name: string;
  readonly old: T | null;
  readonly new: T | null;
}

export interface TimingChange {
  readonly what: string;
  readonly old: number;
  readonly new: number;
}

export interface ResultsDiff {
  readonly same: boolean;
  readonly unchanged: number;
  readonly changed: readonly CellChange[];
  readonly added: readonly CellPresence[];
  readonly removed: readonly CellPresence[];
  readonly correction: Correction;
  readonly tests: readonly RecordChange<Test>[];
  readonly published: readonly RecordChange<Published>[];
  readonly sizes: RecordChange<NonNullable<Results['sizes']>> | null;
  /** Kept apart: timings differ from run to run and make no results differ. */
  readonly timings: readonly TimingChange[];
}

/** What both sides must be read into: results, and the cost where it was measured. */
export interface Snapshot {
  readonly results: Results;
  readonly cost: Cost | null;
}

/** Another machine's last bits are no difference. */
const rounding = 1e-9;

const equalRuns = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => Math.abs(value - (b[i] ?? NaN)) <= rounding);

/** Old against new, cell by cell; pure. */
export const diffResults = (old: Snapshot, now: Snapshot): ResultsDiff => {
  const [before, after] = [cellMap(old.results), cellMap(now.results)];
  const both = [...before].flatMap(([id, cell]) => {
    const other = after.get(id);
    return other ? [{old: cell, now: other}] : [];
  });
  const pairs = both.filter(pair => !equalRuns(pair.old.values, pair.now.values));
  const {correction, verdicts} = judge(pairs.map(pair => ({old: pair.old.values, now: pair.now.values})));
  const changed = pairs.map((pair, i): CellChange => {
    const [was, is] = [sideOf(pair.old), sideOf(pair.now)];
    return {...nameOf(pair.now), old: was, new: is, difference: is.median - was.median, ...(verdicts[i] as Verdict)};
  });
  const added = [...after].filter(([id]) => !before.has(id)).map(([, cell]) => presence(cell));
  const removed = [...before].filter(([id]) => !after.has(id)).map(([, cell]) => presence(cell));
  const tests = recordChanges(old.results.tests, now.results.tests, testName, sameTest);
  const published = recordChanges(old.results.published, now.results.published, p => `${p.paper}: ${p.what}`, sameJson);
  const [sizes = null] = recordChanges(listOf(old.results.sizes), listOf(now.results.sizes), () => 'sizes', sameJson);
  const same = [changed, added, removed, tests, published].every(list => list.length === 0) && sizes === null;
  return {
    same,
    unchanged: both.length - pairs.length,
    changed,
    added,
    removed,
    correction,
    tests,
    published,
    sizes,
    timings: timingChanges(old.cost, now.cost),
  };
};

const listOf = <T>(value: T | null): T[] => (value === null ? [] : [value]);

/** Scores, and how close students came to the teacher: that is a cell like any other. */
const cellMap = (results: Results): Map<string, Cell> => {
  const closeness = results.distillation.flatMap(({arm, seed, final}): Score[] =>
    (['heldOutCosine', 'similaritySpearman'] as const).flatMap(metric => {
      const value = final[metric];
      return typeof value === 'number'
        ? [{task: 'distillation', split: 'held-out', metric, arm, axis: {}, seed, value}]
        : [];
    }),
  );
  return new Map(cellsOf({scores: [...results.scores, ...closeness]}).map(cell => [cellId(cell), cell]));
};

const nameOf = ({task, split, metric, arm, axis}: Cell): CellName => ({task, split, metric, arm, axis});
const sideOf = (cell: Cell): Side => ({median: median(cell.values), n: cell.values.length});
const presence = (cell: Cell): CellPresence => ({...nameOf(cell), ...sideOf(cell)});

const testName = (t: Test): string =>
  [`${t.a} − ${t.b}`, t.task, t.metric, t.split, axisText(t.axis ?? {}), t.kind].filter(Boolean).join(', ');

/** Tests are functions of the scores; only numbers that a reader sees count. */
const sameTest = (x: Test, y: Test): boolean =>
  ([x.p, x.adjusted, x.effect] as const).every((value, i) => {
    const other = [y.p, y.adjusted, y.effect][i] ?? null;
    return value === null || other === null ? value === other : Math.abs(value - other) <= rounding;
  }) && x.n.join() === y.n.join();

const sameJson = (x: unknown, y: unknown): boolean => JSON.stringify(x) === JSON.stringify(y);

const recordChanges = <T>(
  old: readonly T[],
  now: readonly T[],
  name: (record: T) => string,
  same: (x: T, y: T) => boolean,
): RecordChange<T>[] => {
  const [before, after] = [old, now].map(list => new Map(list.map(record => [name(record), record]))) as [
    Map<string, T>,
    Map<string, T>,
  ];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap(key => {
    const [x, y] = [before.get(key) ?? null, after.get(key) ?? null];
    return x !== null && y !== null && same(x, y) ? [] : [{name: key, old: x, new: y}];
  });
};

const timingChanges = (old: Cost | null, now: Cost | null): TimingChange[] => {
  if (!old || !now) return [];
  return (['teacher', 'student'] as const).flatMap(who =>
    (['batch1', 'batch32'] as const).flatMap(batch => {
      const [x, y] = [old[who].sentencesPerSecond[batch], now[who].sentencesPerSecond[batch]];
      const what = `${who}, sentences a second, ${batch === 'batch1' ? 'one at a time' : 'batches of 32'}`;
      return x === y ? [] : [{what, old: x, new: y}];
    }),
  );
};
