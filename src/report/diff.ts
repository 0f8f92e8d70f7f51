import {cellId} from './cells.ts';
import {cellMap, findRenamed, nameOf, presence, sideOf, wholeArms, wholeRows, type SourcedCell} from './diff-cells.ts';
import {recordChanges, rounding, sameJson, sameTest, testName, timingChanges} from './diff-records.ts';
import type {CellChange, DiffOptions, HeadlineCell, ResultsDiff, Snapshot} from './diff-types.ts';
import {isWorse} from './metric-direction.ts';
import type {Test} from './results.ts';
import {isChange, judge, type Verdict} from './verdict.ts';

const equalRuns = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => Math.abs(value - (b[i] ?? NaN)) <= rounding);

/** Old against new, cell by cell; pure. */
export const diffResults = (old: Snapshot, now: Snapshot, options: DiffOptions = {}): ResultsDiff => {
  const {renamed: given = {}, tolerances = {}} = options;
  const after = cellMap(now.results);
  const firstBefore = cellMap(old.results, given);
  const renamed = findRenamed(
    [...firstBefore].filter(([id]) => !after.has(id)).map(([, cell]) => cell),
    [...after].filter(([id]) => !firstBefore.has(id)).map(([, cell]) => cell),
  );
  const newNames = new Map(renamed.map(names => [cellId(names.old), names.new]));
  const before = new Map(
    [...firstBefore].map(([id, cell]) => {
      const cellNow = {...cell, ...newNames.get(id)};
      return [cellId(cellNow), cellNow] as const;
    }),
  );
  const both = [...before].flatMap(([id, cell]) => {
    const other = after.get(id);
    return other ? [{old: cell, now: other}] : [];
  });
  const pairs = both.filter(pair => !equalRuns(pair.old.values, pair.now.values));
  const changed = judged(pairs, tolerances);
  const added = [...after].filter(([id]) => !before.has(id)).map(([, cell]) => presence(cell));
  const removed = [...before].filter(([id]) => !after.has(id)).map(([, cell]) => presence(cell));
  const arms: Readonly<Record<string, string>> = {
    ...Object.fromEntries(renamed.map(names => [names.old.arm, names.new.arm])),
    ...given,
  };
  const named = (test: Test): Test => ({...test, a: arms[test.a] ?? test.a, b: arms[test.b] ?? test.b});
  const tests = recordChanges(old.results.tests.map(named), now.results.tests, testName, sameTest);
  const published = recordChanges(old.results.published, now.results.published, p => `${p.paper}: ${p.what}`, sameJson);
  const [sizes = null] = recordChanges(listOf(old.results.sizes), listOf(now.results.sizes), () => 'sizes', sameJson);
  const lists = [changed.cells, added, removed, renamed, tests, published];
  return {
    same: lists.every(list => list.length === 0) && sizes === null,
    regression: changed.cells.some(cell => isChange(cell) && cell.isWorse),
    unchanged: both.length - pairs.length,
    headline: headlineCells(old, now, {before, after, changed: changed.cells}),
    changed: changed.cells,
    added,
    removed,
    renamed,
    arms: wholeArms(before.values(), after.values()),
    rows: wholeRows(before.values(), after.values()),
    correction: changed.correction,
    tests,
    published,
    sizes,
    timings: timingChanges(old.cost, now.cost),
  };
};

const listOf = <T>(value: T | null): T[] => (value === null ? [] : [value]);

const judged = (
  pairs: readonly {readonly old: SourcedCell; readonly now: SourcedCell}[],
  tolerances: Readonly<Record<string, number>>,
) => {
  const {correction, verdicts} = judge(
    // a tolerance of .3 points must take in .3 points whatever the last bit says
    pairs.map(({old, now}) => ({
      old: old.values,
      now: now.values,
      tolerance: now.metric in tolerances ? (tolerances[now.metric] ?? 0) + rounding : 0,
    })),
  );
  const cells = pairs.map((pair, i): CellChange => {
    const [was, is] = [sideOf(pair.old), sideOf(pair.now)];
    const difference = is.median - was.median;
    return {
      ...nameOf(pair.now),
      old: was,
      new: is,
      difference,
      ...(verdicts[i] as Verdict),
      isWorse: isWorse(pair.now.metric, difference),
      from: [...new Set([...pair.old.from, ...pair.now.from])],
    };
  });
  return {correction, cells};
};

interface Known {
  readonly before: ReadonlyMap<string, SourcedCell>;
  readonly after: ReadonlyMap<string, SourcedCell>;
  readonly changed: readonly CellChange[];
}

/** All cells of the two arms that the experiment is about, in the order of the report: they are told in any case. */
const headlineCells = (old: Snapshot, now: Snapshot, {before, after, changed}: Known): HeadlineCell[] => {
  const headline = now.results.headline ?? old.results.headline;
  if (!headline) return [];
  const changes = new Map(changed.map(cell => [cellId(cell), cell]));
  return [...new Map([...after, ...before])]
    .filter(([, cell]) => cell.task !== 'distillation' && (cell.arm === headline.a || cell.arm === headline.b))
    .map(([id, cell]) => {
      const [was, is] = [before.get(id), after.get(id)];
      return {
        ...nameOf(cell),
        old: was ? sideOf(was) : null,
        new: is ? sideOf(is) : null,
        change: changes.get(id) ?? null,
      };
    });
};
