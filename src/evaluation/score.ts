import {accuracy, f1, matthews, pearson, spearman} from '../math/metrics.ts';
import {
  weightedAccuracy,
  weightedF1,
  weightedMatthews,
  weightedPearson,
  weightedSpearman,
  type WeightedMetric,
} from '../math/weighted-metrics.ts';
import type {Metric, Task} from '../tasks/task.ts';

/** Names of labels, or numbers, as a file of predictions holds them. */
export type Answers = readonly (string | number)[];

/** One metric of a task. */
export const scoreOf = (task: Task, metric: Metric, labels: Answers, predictions: Answers): number => {
  switch (metric) {
    case 'accuracy':
      return accuracy(labels, predictions);
    case 'f1':
      return f1(labels, predictions, positiveOf(task));
    case 'matthews':
      return matthews(labels, predictions);
    case 'pearson':
      return pearson(labels as number[], predictions as number[]);
    case 'spearman':
      return spearman(labels as number[], predictions as number[]);
  }
};

/** The same as a function of how often each example counts, for bootstraps over examples. */
export const weightedScoreOf = (task: Task, metric: Metric, labels: Answers, predictions: Answers): WeightedMetric => {
  switch (metric) {
    case 'accuracy':
      return weightedAccuracy(labels as string[], predictions as string[]);
    case 'f1':
      return weightedF1(labels as string[], predictions as string[], positiveOf(task));
    case 'matthews':
      return weightedMatthews(labels as string[], predictions as string[]);
    case 'pearson':
      return weightedPearson(labels as number[], predictions as number[]);
    case 'spearman':
      return weightedSpearman(labels as number[], predictions as number[]);
  }
};

const positiveOf = (task: Task): string => {
  if (task.kind === 'classification' && task.positiveLabel !== undefined) return task.positiveLabel;
  throw new Error(`Internal error: the task "${task.name}" has the metric f1 and no positive label.`);
};
