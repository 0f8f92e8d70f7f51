import {mcnemar} from '../math/mcnemar.ts';
import {runsAndExamplesBootstrap} from '../math/runs-and-examples-bootstrap.ts';
import {cellKey, withoutAxes, type Cell, type CellPair} from './score-cells.ts';
import {scoreOf, weightedScoreOf} from './score.ts';
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

/** One run's answers to the examples whose labels are known. */
interface Answered {
  readonly seed: number;
  readonly labels: readonly (string | number)[];
  readonly predictions: readonly (string | number)[];
}

/** The runs of both arms, in the order of their seeds, on the same examples. */
export interface PairedPredictions {
  readonly a: readonly Answered[];
  readonly b: readonly Answered[];
  /** How many examples have a label. */
  readonly examples: number;
}

/** null where the predictions of an arm, or their labels, are not there. */
export const readPair = (
  index: PredictionIndex,
  task: Task,
  split: string,
  {a, b}: CellPair,
): PairedPredictions | null => {
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
  const answered = ({seed, labels, predictions}: (typeof first)[number]): Answered => ({
    seed,
    labels: known.map(row => labels[row]!),
    predictions: known.map(row => predictions[row]!),
  });
  return {a: first.map(answered), b: second.map(answered), examples: known.length};
};

/** Two arms over seeds and examples at once; `difference` is of means over runs. */
export const compareOverExamples = (
  {a, b, examples}: PairedPredictions,
  task: Task,
  options: {readonly resamples: number; readonly confidence: number; readonly seed: string},
) => {
  const metrics = (runs: readonly Answered[]) =>
    runs.map(run => weightedScoreOf(task, task.primaryMetric, run.labels, run.predictions));
  const seeds = (runs: readonly Answered[]): string => runs.map(run => run.seed).join();
  const isOnce = new Set(a.map(run => run.seed)).size === a.length;
  /** Whether runs with the same seed were drawn together. */
  const pairedRuns = isOnce && seeds(a) === seeds(b);
  const result = runsAndExamplesBootstrap(metrics(a), metrics(b), examples, {...options, pairedRuns});
  return {
    alternative: 'two-sided' as const,
    p: result.p,
    effect: null,
    n: [a.length, b.length] as const,
    examples,
    difference: result.statistic,
    interval: [result.low, result.high] as const,
    smallest: 1 / (options.resamples + 1),
    resamples: options.resamples,
    pairedRuns,
  };
};

/**
 * McNemar's exact test of each arm's median run: of two trained classifiers, on these examples. One run a side, because the
 * runs of an arm share the examples: their counts cannot be added up, nor can their p values be combined as if independent.
 * The median run is chosen by its score, never by the other arm's (of an even number the lower middle one; of equal scores
 * that of the lowest seed). null for a regression, where no answer is simply right.
 */
export const compareMedianRuns = ({a, b, examples}: PairedPredictions, task: Task) => {
  if (task.kind !== 'classification') return null;
  const [first, second] = [medianRun(a, task), medianRun(b, task)];
  const hits = ({labels, predictions}: Answered): number[] =>
    labels.map((label, at) => (label === predictions[at] ? 1 : 0));
  const {p, onlyFirst, onlySecond} = mcnemar(hits(first), hits(second));
  return {
    alternative: 'two-sided' as const,
    p,
    effect: null,
    n: [1, 1] as const,
    /** Of the two runs. */
    seeds: [first.seed, second.seed] as const,
    examples,
    onlyFirst,
    onlySecond,
    /** Of the two runs' shares of right answers. */
    difference: (onlyFirst - onlySecond) / examples,
    interval: null,
    /** All that differ to one side: 2 · ½ⁿ. */
    smallest: onlyFirst + onlySecond === 0 ? 1 : 2 / 2 ** (onlyFirst + onlySecond),
  };
};

const medianRun = (runs: readonly Answered[], task: Task): Answered => {
  const scored = runs.map(run => ({run, score: scoreOf(task, task.primaryMetric, run.labels, run.predictions)}));
  return scored.sort((x, y) => x.score - y.score)[Math.floor((runs.length - 1) / 2)]!.run;
};
