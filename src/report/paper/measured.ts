import {axisText} from '../cells.ts';
import type {CostOfArm} from '../cost.ts';
import {groupBy} from '../order.ts';
import type {Results, Score} from '../results.ts';

/** What one column of a paper's table measures in our experiment. */
export type Measure =
  /**
   * A metric of a task; several names where a project may call the task by either. Of several splits the first one that
   * any arm of the table has scores of; dev where none are named.
   */
  | {
      readonly kind: 'score';
      readonly task: string | readonly string[];
      readonly metric: string;
      readonly splits?: readonly string[];
    }
  /** Each seed's mean over tasks: a paper's "average", by its own list of tasks and metrics. */
  | {readonly kind: 'mean'; readonly of: readonly Measure[]}
  /** A fact of the model that no seed changes; null where it was not measured. */
  | {readonly kind: 'model'; of(model: CostOfArm): number | null};

export interface SeedValue {
  readonly seed: number | null;
  readonly value: number;
}

/** All runs of one arm, and of it those with the same axes (`labels=1000`), as a row of a paper's table has them. */
export interface ArmRuns {
  readonly arm: string;
  readonly axis: Readonly<Record<string, string>>;
  readonly scores: readonly Score[];
}

/**
 * The runs of a table's arms, apart for each value of their axes, in the order in which they occur. An axis with one value
 * only tells nothing apart and is left out; runs on disturbed text (axis `noise`) are of another table.
 */
export const armRuns = ({scores}: Results, arms: readonly string[]): ArmRuns[] => {
  const own = scores.filter(s => arms.includes(s.arm) && (s.axis['noise'] ?? 'none') === 'none');
  const values = groupBy(
    own.flatMap(s => Object.entries(s.axis)),
    ([name]) => name,
  );
  const telling = (name: string): boolean => new Set(values.get(name)?.map(([, value]) => value)).size > 1;
  const axisOf = ({axis}: Score) => Object.fromEntries(Object.entries(axis).filter(([name]) => telling(name)));
  const groups = groupBy(own, s => `${s.arm}\0${axisText(axisOf(s))}`);
  return [...groups.values()].map(runs => ({arm: runs[0]!.arm, axis: axisOf(runs[0]!), scores: runs}));
};

/** Runs with 1,000 labels belong beside runs with 1,000 labels, and beside those of an arm that has no such axis. */
export const agree = (x: ArmRuns, y: ArmRuns): boolean =>
  Object.entries(x.axis).every(([name, value]) => (y.axis[name] ?? value) === value);

/** The measure with the one split that it is of in these results. */
export const onSplit = (measure: Measure, arms: readonly ArmRuns[]): Measure => {
  if (measure.kind === 'mean') return {kind: 'mean', of: measure.of.map(part => onSplit(part, arms))};
  if (measure.kind === 'model' || !measure.splits) return measure;
  const found = measure.splits.find(split =>
    arms.some(arm => seedValues(arm, {...measure, splits: [split]}).length > 0),
  );
  return {...measure, splits: [found ?? measure.splits[0]!]};
};

const taskNames = ({task}: Extract<Measure, {kind: 'score'}>): readonly string[] =>
  typeof task === 'string' ? [task] : task;

/** A seed's value each, in points (score × 100); seeds that lack a task of a mean are left out of it. */
export const seedValues = ({scores}: ArmRuns, measure: Measure): SeedValue[] => {
  if (measure.kind === 'model') return [];
  if (measure.kind === 'score') {
    const names = taskNames(measure);
    const split = measure.splits?.[0] ?? 'dev';
    return scores
      .filter(s => names.includes(s.task) && s.metric === measure.metric && s.split === split)
      .map(({seed, value}) => ({seed, value: 100 * value}))
      .toSorted((a, b) => (a.seed ?? -1) - (b.seed ?? -1));
  }
  const parts = measure.of.map(
    part => new Map(seedValues({arm: '', axis: {}, scores}, part).map(v => [v.seed, v.value])),
  );
  const [first] = parts;
  if (!first) return [];
  return [...first.keys()]
    .filter(seed => parts.every(part => part.has(seed)))
    .map(seed => ({seed, value: parts.reduce((sum, part) => sum + part.get(seed)!, 0) / parts.length}));
};

const firstTask = (measure: Measure): string | undefined => {
  if (measure.kind === 'model') return undefined;
  return measure.kind === 'score' ? taskNames(measure)[0] : measure.of.map(firstTask).find(name => name !== undefined);
};

export interface Coverage {
  readonly measure: Measure;
  readonly tasks: readonly string[];
  /** How many tasks the paper's mean has. */
  readonly of: number;
}

/**
 * A mean over the tasks that every arm of the table has, since averages over different tasks compare nothing; null where
 * no task is left. A small experiment of four tasks has an average too, which is said to be no match for the paper's.
 */
export const coveredMean = (measure: Extract<Measure, {kind: 'mean'}>, arms: readonly ArmRuns[]): Coverage | null => {
  const present = measure.of.filter(part => arms.length > 0 && arms.every(arm => seedValues(arm, part).length > 0));
  if (present.length === 0) return null;
  const tasks = present.flatMap(part => firstTask(part) ?? []);
  return {measure: {kind: 'mean', of: present}, tasks, of: measure.of.length};
};
