/** One row of a task: as in the files train.tsv, dev.tsv, test.tsv. */
export interface Example {
  readonly id: string;
  readonly text1: string;
  /** null for a task of single sentences. */
  readonly text2: string | null;
  /** A label's name, a decimal number for regression, or null where it is not known. */
  readonly label: string | null;
}

export type Split = 'train' | 'dev' | 'test';

/** The metrics of src/math/metrics.ts, by name. */
export type Metric = 'accuracy' | 'f1' | 'matthews' | 'pearson' | 'spearman';

/** A split in a file of the task's own. Columns are 0-based and differ between the splits of one task. */
export interface SplitFile {
  readonly file: string;
  /** Cells between tabs, quotes being characters (the default), or between commas, where quotes mean something. */
  readonly format?: 'tsv' | 'csv';
  /** Whether the first line names the columns. */
  readonly header: boolean;
  readonly text1: number;
  readonly text2?: number;
  /** Absent where labels are private. */
  readonly label?: number;
  /** Official number of rows; a difference is logged, not an error: releases differ. */
  readonly rows: number;
}

/** A text pair or a text, with its label: what a generator makes. Ids are given when it is written. */
export type Row = readonly [text1: string, text2: string | null, label: string];

export interface GeneratedRows {
  readonly train: readonly Row[];
  readonly dev: readonly Row[];
}

export type TaskSource =
  /** Files in `folder` of the data folder. */
  | {readonly kind: 'files'; readonly folder: string; readonly splits: Readonly<Partial<Record<Split, SplitFile>>>}
  /** Made from packages; the same rows for the same seed on every machine. */
  | {
      readonly kind: 'generated';
      /** True for tasks made from the Brown corpus, whose licence does not speak of commercial use. */
      readonly readsBrown?: boolean;
      generate(options: {
        readonly seed: number;
        readonly rows: {readonly train: number; readonly dev: number};
      }): Promise<GeneratedRows>;
    };

interface TaskBase {
  readonly name: string;
  /** One sentence for reports. */
  readonly description: string;
  readonly shape: 'sentence' | 'pair';
  /** All that are computed; the first is the one that selection and tables use. */
  readonly metrics: readonly [Metric, ...Metric[]];
  readonly primaryMetric: Metric;
  readonly higherIsBetter: boolean;
  readonly source: TaskSource;
  /** The task whose models answer it, where it has no training rows of its own. */
  readonly trainedAs?: string;
}

export interface ClassificationTask extends TaskBase {
  readonly kind: 'classification';
  /** Their order is the order of logits. */
  readonly labels: readonly string[];
  /** Names that files use for labels, where they use others: `{'1': 'equivalent'}`. */
  readonly labelNames?: Readonly<Record<string, string>>;
  /** The class that `f1` is about. */
  readonly positiveLabel?: string;
}

export interface RegressionTask extends TaskBase {
  readonly kind: 'regression';
  readonly range: {readonly low: number; readonly high: number};
}

export type Task = ClassificationTask | RegressionTask;

/** What a task file declares. */
export type TaskDeclaration =
  | Omit<ClassificationTask, 'primaryMetric' | 'higherIsBetter'>
  | Omit<RegressionTask, 'primaryMetric' | 'higherIsBetter'>;

/** Adds what follows from the rest: the primary metric is the first one, and all our metrics grow when results improve. */
export const defineTask = (declaration: TaskDeclaration): Task => {
  if (declaration.kind === 'classification') {
    if (declaration.metrics.includes('f1') && declaration.positiveLabel === undefined) {
      throw new Error(`The task "${declaration.name}" has the metric f1 and needs a positiveLabel, one of its labels.`);
    }
    if (new Set(declaration.labels).size < 2) {
      throw new Error(`The task "${declaration.name}" needs two or more different labels.`);
    }
  }
  return {...declaration, primaryMetric: declaration.metrics[0], higherIsBetter: true};
};
