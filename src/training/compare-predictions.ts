import {runsAndExamplesBootstrap} from '../math/runs-and-examples-bootstrap.ts';
import {cellKey, withoutAxes, type Cell, type CellPair} from '../training/score-cells.ts';
import {weightedScoreOf} from '../training/score.ts';
import type {Task} from '../tasks/task.ts';
import {predictionsOrigin, readPredictions} from './predictions.ts';

/** Where the predictions of each cell's runs are: by task and split, arm and axis, in no order. */
export type PredictionIndex = ReadonlyMap<string, readonly {readonly seed: number; readonly path: string}[]>;

const indexKey = (task: string, split: string, arm: string, axis: Readonly<Record<string, string>>): string =>
  `${task} ${split} ${cellKey(arm, axis)}`;

export const indexPredictions = (paths: readonly string[], pooled: readonly string[]): PredictionIndex => {
  const index = new Map<string, {seed: number; path: string}[]>();
  for (const path of paths) {
    const {task, split, arm, axis, seed} = predictionsOrigin(path);
    const key = indexKey(task, split, arm, withoutAxes(axis, pooled));
    index.set(key, [...(index.get(key) ?? []), {seed, path}]);
  }
  return index;
};

export interface ExampleComparison {
  readonly alternative: 'two-sided';
  readonly p: number;
  readonly effect: null;
  /** Runs of either arm. */
  readonly n: readonly [number, number];
  readonly examples: number;
  /** Difference of means over runs. */
  readonly difference: number;
  readonly interval: readonly [number, number];
  readonly smallest: number;
  /** Whether runs with the same seed were drawn together. */
  readonly pairedRuns: boolean;
}

/** Two arms over seeds and examples at once; null where the predictions, or their labels, are not there. */
export const compareOverExamples = (
  index: PredictionIndex,
  task: Task,
  split: string,
  {a, b}: CellPair,
  options: {readonly resamples: number; readonly confidence: number; readonly seed: string},
): ExampleComparison | null => {
  const read = (cell: Cell) =>
    (index.get(indexKey(task.name, split, cell.arm, cell.axis)) ?? [])
      .map(({path}) => ({...readPredictions(path, task), path}))
      .sort((x, y) => x.seed - y.seed || (x.path < y.path ? -1 : 1));
  const [first, second] = [read(a), read(b)];
  const [reference] = first;
  if (!reference || second.length === 0) return null;
  for (const run of [...first, ...second]) {
    if (run.ids.length === reference.ids.length && run.ids.every((id, row) => id === reference.ids[row])) continue;
    throw new Error(
      `${run.path} and ${reference.path} are of different examples (ids differ): both must predict the same ${split} file.`,
    );
  }
  const known = reference.labels.flatMap((label, row) => (label === null ? [] : [row]));
  if (known.length === 0) return null;
  const metrics = (runs: typeof first) =>
    runs.map(run =>
      weightedScoreOf(
        task,
        task.primaryMetric,
        known.map(row => run.labels[row]!),
        known.map(row => run.predictions[row]!),
      ),
    );
  const seeds = (runs: typeof first): string => runs.map(run => run.seed).join();
  const isOnce = new Set(first.map(run => run.seed)).size === first.length;
  const pairedRuns = isOnce && seeds(first) === seeds(second);
  const result = runsAndExamplesBootstrap(metrics(first), metrics(second), known.length, {...options, pairedRuns});
  return {
    alternative: 'two-sided',
    p: result.p,
    effect: null,
    n: [first.length, second.length],
    examples: known.length,
    difference: result.statistic,
    interval: [result.low, result.high],
    smallest: 1 / (options.resamples + 1),
    pairedRuns,
  };
};
