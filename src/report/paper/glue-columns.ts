import type {Measure} from './measured.ts';

const score = (task: string | readonly string[], metric: string): Measure => ({kind: 'score', task, metric});

/** GLUE's columns as papers name them. A paper's choice between accuracy and F1 is the caller's. */
export const glue = {
  CoLA: score('cola', 'matthews'),
  'SST-2': score('sst-2', 'accuracy'),
  'MRPC accuracy': score('mrpc', 'accuracy'),
  'MRPC F1': score('mrpc', 'f1'),
  'STS-B': score('sts-b', 'spearman'),
  'QQP accuracy': score('qqp', 'accuracy'),
  'QQP F1': score('qqp', 'f1'),
  'MNLI-m': score(['mnli', 'mnli-m', 'mnli-matched'], 'accuracy'),
  'MNLI-mm': score(['mnli-mm', 'mnli-mismatched'], 'accuracy'),
  QNLI: score('qnli', 'accuracy'),
  RTE: score('rte', 'accuracy'),
  WNLI: score('wnli', 'accuracy'),
} satisfies Readonly<Record<string, Measure>>;

type Mean = Extract<Measure, {kind: 'mean'}>;

const mean = (...of: Measure[]): Mean => ({kind: 'mean', of});

/**
 * GLUE's own score (Wang et al. 2018, section 3.4): the mean over nine tasks, where a task with two metrics counts as
 * their mean. MNLI's two test sets are one task, as on the leaderboard (from memory, not read in the paper).
 */
export const glueScore: Mean = mean(
  glue.CoLA,
  glue['SST-2'],
  mean(glue['MRPC accuracy'], glue['MRPC F1']),
  mean(score('sts-b', 'pearson'), glue['STS-B']),
  mean(glue['QQP accuracy'], glue['QQP F1']),
  mean(glue['MNLI-m'], glue['MNLI-mm']),
  glue.QNLI,
  glue.RTE,
  glue.WNLI,
);

/** BAM's average: eight tasks, accuracy for MRPC and QQP, MNLI once, no WNLI. */
export const bamAverage: Mean = mean(
  glue.CoLA,
  glue['SST-2'],
  glue['MRPC accuracy'],
  glue['STS-B'],
  glue['QQP accuracy'],
  glue['MNLI-m'],
  glue.QNLI,
  glue.RTE,
);

/** LRC-BERT's and TinyBERT's: nine columns, F1 for MRPC and QQP, MNLI twice, no WNLI. */
export const nineColumnAverage: Mean = mean(
  glue['MNLI-m'],
  glue['MNLI-mm'],
  glue['QQP F1'],
  glue['SST-2'],
  glue.QNLI,
  glue['MRPC F1'],
  glue.RTE,
  glue.CoLA,
  glue['STS-B'],
);

/** DistilBERT's: nine tasks, WNLI among them, F1 for MRPC. */
export const macroScore: Mean = mean(
  glue.CoLA,
  glue['MNLI-m'],
  glue['MRPC F1'],
  glue.QNLI,
  glue['QQP accuracy'],
  glue.RTE,
  glue['SST-2'],
  glue['STS-B'],
  glue.WNLI,
);
