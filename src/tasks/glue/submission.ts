import type {Task} from '../task.ts';

/** The files that GLUE's server takes, all eleven, by the task of src/tasks that fills them. */
export const submissionFiles: Readonly<Record<string, string>> = {
  cola: 'CoLA.tsv',
  'sst-2': 'SST-2.tsv',
  mrpc: 'MRPC.tsv',
  'sts-b': 'STS-B.tsv',
  mnli: 'MNLI-m.tsv',
  'mnli-mm': 'MNLI-mm.tsv',
  qnli: 'QNLI.tsv',
  qqp: 'QQP.tsv',
  rte: 'RTE.tsv',
  wnli: 'WNLI.tsv',
  ax: 'AX.tsv',
};

/** What the server calls a label: the name in GLUE's own files, 0 and 1 for CoLA, SST-2, MRPC, QQP and WNLI, else the word. */
const written = (task: Task, prediction: string | number): string => {
  if (task.kind === 'regression') {
    const {low, high} = task.range;
    return Math.min(high, Math.max(low, Number(prediction))).toFixed(3);
  }
  // RTE's own files have words, WNLI's numbers: labelNames has what a task's files write.
  const own = Object.entries(task.labelNames ?? {}).find(([, label]) => label === prediction);
  return own?.[0] ?? String(prediction);
};

/** One file of a submission: columns index and prediction, in the order of the test set. */
export const submissionText = (
  task: Task,
  ids: readonly string[],
  predictions: readonly (string | number)[],
): string => {
  const rows = ids.map((id, at) => `${id}\t${written(task, predictions[at]!)}\n`);
  return `index\tprediction\n${rows.join('')}`;
};
