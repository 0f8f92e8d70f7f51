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

/** BAM's average: eight tasks, accuracy for MRPC and QQP, MNLI once, no WNLI. */
export const bamAverage: Extract<Measure, {kind: 'mean'}> = {
  kind: 'mean',
  of: [
    glue.CoLA,
    glue['SST-2'],
    glue['MRPC accuracy'],
    glue['STS-B'],
    glue['QQP accuracy'],
    glue['MNLI-m'],
    glue.QNLI,
    glue.RTE,
  ],
};

/** LRC-BERT's and TinyBERT's: nine columns, F1 for MRPC and QQP, MNLI twice, no WNLI. */
export const nineColumnAverage: Extract<Measure, {kind: 'mean'}> = {
  kind: 'mean',
  of: [
    glue['MNLI-m'],
    glue['MNLI-mm'],
    glue['QQP F1'],
    glue['SST-2'],
    glue.QNLI,
    glue['MRPC F1'],
    glue.RTE,
    glue.CoLA,
    glue['STS-B'],
  ],
};

/** DistilBERT's: nine tasks, WNLI among them, F1 for MRPC. */
export const macroScore: Extract<Measure, {kind: 'mean'}> = {
  kind: 'mean',
  of: [
    glue.CoLA,
    glue['MNLI-m'],
    glue['MRPC F1'],
    glue.QNLI,
    glue['QQP accuracy'],
    glue.RTE,
    glue['SST-2'],
    glue['STS-B'],
    glue.WNLI,
  ],
};
