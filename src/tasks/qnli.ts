import {defineTask} from './task.ts';

const columns = {header: true, text1: 1, text2: 2};

/** Version 2, re-split in 2019; results on version 1 (108,436 training rows) are not comparable. */
export default defineTask({
  name: 'qnli',
  description: 'Question NLI: does the sentence answer the question?',
  kind: 'classification',
  shape: 'pair',
  labels: ['not_entailment', 'entailment'],
  metrics: ['accuracy'],
  source: {
    kind: 'files',
    folder: 'QNLI',
    splits: {
      train: {...columns, file: 'train.tsv', label: 3, rows: 104743},
      dev: {...columns, file: 'dev.tsv', label: 3, rows: 5463},
      test: {...columns, file: 'test.tsv', rows: 5463},
    },
  },
});
