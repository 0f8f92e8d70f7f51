import {standardDeviation} from '../math/descriptive.ts';
import {compareNatural, groupBy} from './order.ts';
import type {Results, Score} from './results.ts';

/** All runs of one arm on one task: what a table's cell sums up. */
export interface Cell {
  readonly task: string;
  readonly split: string;
  readonly metric: string;
  readonly arm: string;
  readonly axis: Readonly<Record<string, string>>;
  /** One value a run, in the order of the seeds. */
  readonly values: readonly number[];
  readonly seeds: readonly (number | null)[];
}

export const axisText = (axis: Readonly<Record<string, string>>): string =>
  Object.entries(axis)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

/** How a picture names a cell's task: with the metric, where the task has several among these cells. */
export const taskNames = (cells: readonly Cell[]): ((cell: Cell) => string) => {
  const ofTask = groupBy(cells, c => c.task);
  return ({task, metric}) => {
    const isOnly = ofTask.get(task)?.every(other => other.metric === metric) ?? true;
    return isOnly ? task : `${task} (${metric})`;
  };
};

/** What identifies a row of scores: everything but the arm and the seed. */
export const rowId = (s: Pick<Score, 'task' | 'split' | 'metric' | 'axis'>): string =>
  [s.task, s.split, s.metric, axisText(s.axis)].join('\0');

export const cellId = (s: Pick<Score, 'task' | 'split' | 'metric' | 'axis' | 'arm'>): string => `${rowId(s)}\0${s.arm}`;

/** In the order in which tasks and arms first occur. */
export const cellsOf = (results: Pick<Results, 'scores'>): Cell[] =>
  [...groupBy(results.scores, cellId).values()].map(runs => {
    const sorted = runs.toSorted((a, b) => (a.seed ?? -1) - (b.seed ?? -1));
    const {task, split, metric, arm, axis} = sorted[0] as Score;
    return {task, split, metric, arm, axis, values: sorted.map(s => s.value), seeds: sorted.map(s => s.seed)};
  });

/** The arms that occur, in the order in which a reader wants them: from knowing nothing to knowing most. */
export const armsOf = (arms: Iterable<string>): string[] => {
  const known = ['majority', 'tfidf-lr', 'teacher-lr', 'plain', 'lsa', 'ltd-frozen', 'ltd'];
  const rank = (arm: string): number => (known.includes(arm) ? known.indexOf(arm) : known.length);
  return [...new Set(arms)].sort((a, b) => rank(a) - rank(b) || compareNatural(a, b));
};

/** Sample standard deviation (n − 1); null for a single run. */
export const deviation = (values: readonly number[]): number | null =>
  values.length < 2 ? null : standardDeviation(values, 1);
