import type {Numbers} from './ranks.ts';
import {checkSample} from './samples.ts';

/** Scores of one arm, [task][run]; tasks may have different numbers of runs. */
export type ScoreTable = readonly Numbers[];

/** At least one task, each with at least one finite score. */
export const checkTable = (scores: ScoreTable, name = 'scores'): void => {
  if (scores.length === 0) throw new RangeError(`${name} has no tasks: expected one list of runs a task.`);
  scores.forEach((runs, task) => checkSample(`${name}, task ${task}`, runs));
};

export const checkSameTasks = (x: ScoreTable, y: ScoreTable): void => {
  if (x.length === y.length && x.length > 0) return;
  throw new RangeError(`Both sides need the same tasks, at least one: found ${x.length} and ${y.length}.`);
};
