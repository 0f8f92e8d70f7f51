import {median} from '../math/descriptive.ts';
import {axisText, cellId, cellsOf, rowId, type Cell} from './cells.ts';
import type {CameAndWent, CellName, CellPresence, Renaming, Side} from './diff-types.ts';
import {groupBy} from './order.ts';
import type {Results, Score} from './results.ts';

/** A cell with the instances whose outputs it sums up. */
export interface SourcedCell extends Cell {
  readonly from: readonly string[];
}

export const nameOf = ({task, split, metric, arm, axis}: CellName): CellName => ({task, split, metric, arm, axis});
export const sideOf = (cell: Cell): Side => ({median: median(cell.values), n: cell.values.length});
export const presence = (cell: Cell): CellPresence => ({...nameOf(cell), ...sideOf(cell)});

/** `topic (accuracy), labels=1000, ltd`: as sentences and lists name a cell. */
export const cellLabel = ({task, metric, axis, arm}: CellName): string =>
  [`${task} (${metric})`, axisText(axis), arm].filter(Boolean).join(', ');

/** Scores, and how close students came to the teacher: that is a cell like any other. */
const allScores = (results: Results): Score[] => {
  const closeness = results.distillation.flatMap(({arm, seed, final, from}): Score[] =>
    (['heldOutCosine', 'similaritySpearman'] as const).flatMap(metric => {
      const value = final[metric];
      return typeof value === 'number'
        ? [{task: 'distillation', split: 'held-out', metric, arm, axis: {}, seed, value, from}]
        : [];
    }),
  );
  return [...results.scores, ...closeness];
};

/** Cells by their id, arms and tasks under their new names. */
export const cellMap = (results: Results, renamed: Readonly<Record<string, string>> = {}): Map<string, SourcedCell> => {
  const named = (name: string): string => renamed[name] ?? name;
  const scores = allScores(results).map(s => ({...s, arm: named(s.arm), task: named(s.task)}));
  const sources = groupBy(scores, cellId);
  return new Map(
    cellsOf({scores}).map(cell => {
      const from = [...new Set((sources.get(cellId(cell)) ?? []).flatMap(s => s.from ?? []))];
      return [cellId(cell), {...cell, from}];
    }),
  );
};

/**
 * Cells that only have another name: the same runs to the last digit, and no other cell that has them. Constants are left
 * alone (the majority class of two tasks may score alike).
 */
export const findRenamed = (removed: readonly Cell[], added: readonly Cell[]): Renaming[] => {
  const runs = (cell: Cell): string => JSON.stringify([cell.metric, cell.split, cell.values, cell.seeds]);
  const [olds, news] = [groupBy(removed, runs), groupBy(added, runs)];
  return [...olds].flatMap(([key, [old, ...others]]) => {
    const [now, ...rivals] = news.get(key) ?? [];
    const isTelling = old !== undefined && new Set(old.values).size > 1;
    return isTelling && now && others.length === 0 && rivals.length === 0 ? [{old: nameOf(old), new: nameOf(now)}] : [];
  });
};

const difference = (before: ReadonlySet<string>, after: ReadonlySet<string>): CameAndWent => ({
  came: [...after].filter(name => !before.has(name)),
  went: [...before].filter(name => !after.has(name)),
});

/** Arms and rows that only one side has at all. */
export const wholeArms = (before: Iterable<Cell>, after: Iterable<Cell>): CameAndWent =>
  difference(new Set([...before].map(c => c.arm)), new Set([...after].map(c => c.arm)));

export const wholeRows = (before: Iterable<Cell>, after: Iterable<Cell>): CameAndWent => {
  const label = (c: Cell): string => [c.task, axisText(c.axis), `${c.metric} (${c.split})`].filter(Boolean).join(', ');
  const labels = new Map([...before, ...after].map(c => [rowId(c), label(c)]));
  const {came, went} = difference(new Set([...before].map(rowId)), new Set([...after].map(rowId)));
  return {came: came.map(id => labels.get(id)!), went: went.map(id => labels.get(id)!)};
};
