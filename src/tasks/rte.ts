import {defineTask} from './task.ts';

const columns = {header: true, text1: 1, text2: 2};

export default defineTask({
  name: 'rte',
  description: 'Recognizing Textual Entailment: does the first text entail the second?',
  kind: 'classification',
  shape: 'pair',
  labels: ['not_entailment', 'entailment'],
  metrics: ['accuracy'],
  source: {
    kind: 'files',
    folder: 'RTE',
    splits: {
      train: {...columns, file: 'train.tsv', label: 3, rows: 2490},
      dev: {...columns, file: 'dev.tsv', label: 3, rows: 277},
      test: {...columns, file: 'test.tsv', rows: 3000},
    },
  },
});
