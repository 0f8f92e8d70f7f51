import {readFileSync} from 'node:fs';
import type {Run} from '../math/compare-runs.ts';

type Axis = Readonly<Record<string, string>>;

/** A row of scores.json, as the stage `evaluate` writes it. */
export interface Score {
  readonly task: string;
  readonly split: string;
  readonly metric: string;
  readonly arm: string;
  readonly axis: Axis;
  readonly seed: number | null;
  readonly value: number;
}

/** All runs of one arm that differ in nothing but the seed (and the axes that are pooled). */
export interface Cell {
  readonly arm: string;
  readonly axis: Axis;
  /** In the order of the seeds. */
  readonly runs: readonly Run[];
}

/** Two arms to be compared; `axis` is what both have. */
export interface CellPair {
  readonly a: Cell;
  readonly b: Cell;
  readonly axis: Axis;
}

export const readScoreFile = (path: string): Score[] => {
  const {scores} = JSON.parse(readFileSync(path, 'utf8')) as {scores?: Score[]};
  if (!Array.isArray(scores)) throw new Error(`${path}: expected {"scores": […]}, found no list of scores.`);
  const broken = scores.findIndex(({task, arm, value}) => !task || !arm || !Number.isFinite(value));
  if (broken >= 0)
    throw new Error(`${path}: scores[${broken}] has no task, arm and finite value: ${JSON.stringify(scores[broken])}`);
  return scores;
};

export const withoutAxes = (axis: Axis, names: readonly string[]): Axis =>
  Object.fromEntries(Object.entries(axis).filter(([name]) => !names.includes(name)));

/** What tells cells of one task apart. */
export const cellKey = (arm: string, axis: Axis): string =>
  JSON.stringify([arm, ...Object.entries(axis).sort(([x], [y]) => (x < y ? -1 : 1))]);

export const cellsOfScores = (
  scores: readonly Score[],
  wanted: {readonly task: string; readonly split: string; readonly metric: string; readonly pooled: readonly string[]},
): Cell[] => {
  const cells = new Map<string, {arm: string; axis: Axis; runs: Run[]}>();
  for (const {task, split, metric, arm, axis: full, seed, value} of scores) {
    if (task !== wanted.task || split !== wanted.split || metric !== wanted.metric) continue;
    const axis = withoutAxes(full, wanted.pooled);
    const key = cellKey(arm, axis);
    const cell = cells.get(key) ?? {arm, axis, runs: []};
    cell.runs.push({seed, value});
    cells.set(key, cell);
  }
  // The order in which files were read must not change a resample.
  return [...cells.values()].map(cell => ({
    ...cell,
    runs: cell.runs.toSorted((x, y) => (x.seed ?? -1) - (y.seed ?? -1) || x.value - y.value),
  }));
};

/**
 * Each cell of arm a with each of arm b that agrees on the axes both have: 1,000 labels with 1,000 labels, and with an arm
 * that has no number of labels. Who has a partner with just its own axes is compared with no other: a dev set as it is never
 * with a disturbed one.
 */
export const pairsOfCells = (cells: readonly Cell[], a: string, b: string): CellPair[] => {
  const [ours, theirs] = [a, b].map(arm => cells.filter(cell => cell.arm === arm)) as [Cell[], Cell[]];
  const hasTwin = ({axis}: Cell, others: readonly Cell[]): boolean =>
    others.some(other => cellKey('', other.axis) === cellKey('', axis));
  return ours.flatMap(first =>
    theirs.flatMap(second => {
      const both = Object.entries(first.axis).filter(([name]) => name in second.axis);
      if (both.some(([name, value]) => second.axis[name] !== value)) return [];
      const isTwin = cellKey('', first.axis) === cellKey('', second.axis);
      if (!isTwin && (hasTwin(first, theirs) || hasTwin(second, ours))) return [];
      return [{a: first, b: second, axis: Object.fromEntries(both)}];
    }),
  );
};
