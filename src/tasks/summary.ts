import {comparable} from '../text/normalize.ts';
import type {Example, Split, Task} from './task.ts';

export interface SplitSummary {
  readonly rows: number;
  /** Rows of each label, in the task's order; null where labels are not known or are numbers. */
  readonly labels: Readonly<Record<string, number>> | null;
  /** The official number of rows, where it differs. */
  readonly officialRows?: number;
}

export interface TaskSummary {
  readonly task: string;
  readonly splits: Readonly<Record<Split, SplitSummary>>;
  /** Texts, and whole rows, that stand in both train and dev (compared without case and punctuation). */
  readonly overlap: {readonly texts: number; readonly rows: number};
}

export const summarize = (task: Task, examples: Readonly<Record<Split, readonly Example[]>>): TaskSummary => {
  const rowKey = ({text1, text2}: Example) => `${comparable(text1)}\t${comparable(text2 ?? '')}`;
  const textsOf = ({text1, text2}: Example) => (text2 === null ? [text1] : [text1, text2]).map(comparable);
  return {
    task: task.name,
    splits: {
      train: summarizeSplit(task, 'train', examples.train),
      dev: summarizeSplit(task, 'dev', examples.dev),
      test: summarizeSplit(task, 'test', examples.test),
    },
    overlap: {
      texts: shared(examples.train.flatMap(textsOf), examples.dev.flatMap(textsOf)),
      rows: shared(examples.train.map(rowKey), examples.dev.map(rowKey)),
    },
  };
};

const summarizeSplit = (task: Task, split: Split, examples: readonly Example[]): SplitSummary => {
  const counts = new Map<string, number>();
  for (const {label} of examples) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  const labels =
    task.kind === 'classification' && counts.size > 0
      ? Object.fromEntries(task.labels.map(label => [label, counts.get(label) ?? 0]))
      : null;
  const official = task.source.kind === 'files' ? task.source.splits[split]?.rows : undefined;
  const differs = official !== undefined && official !== examples.length;
  return {rows: examples.length, labels, ...(differs ? {officialRows: official} : {})};
};

const shared = (a: readonly string[], b: readonly string[]): number => {
  const inA = new Set(a);
  return [...new Set(b)].filter(text => inA.has(text)).length;
};
