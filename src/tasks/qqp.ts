import {defineTask} from './task.ts';

const columns = {header: true, text1: 3, text2: 4};

export default defineTask({
  name: 'qqp',
  description: 'Quora Question Pairs: do two questions ask the same?',
  kind: 'classification',
  shape: 'pair',
  labels: ['not_duplicate', 'duplicate'],
  labelNames: {'0': 'not_duplicate', '1': 'duplicate'},
  positiveLabel: 'duplicate',
  metrics: ['accuracy', 'f1'],
  source: {
    kind: 'files',
    folder: 'QQP',
    splits: {
      // Releases differ by a few rows: 363,846, 363,849, 363,869, 363,870.
      train: {...columns, file: 'train.tsv', label: 5, rows: 363846},
      dev: {...columns, file: 'dev.tsv', label: 5, rows: 40430},
      test: {header: true, text1: 1, text2: 2, file: 'test.tsv', rows: 390965},
    },
  },
});
