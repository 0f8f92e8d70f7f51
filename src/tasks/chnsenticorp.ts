import {defineTask} from './task.ts';

export default defineTask({
  name: 'chnsenticorp',
  description: 'Reviews of hotels, books and computers, in Chinese (ChnSentiCorp): is the author pleased?',
  kind: 'classification',
  shape: 'sentence',
  labels: ['negative', 'positive'],
  metrics: ['accuracy'],
  source: {
    kind: 'files',
    folder: 'chnsenticorp',
    splits: {
      train: {file: 'train.tsv', header: false, text1: 0, label: 1, rows: 9600},
      dev: {file: 'dev.tsv', header: false, text1: 0, label: 1, rows: 1200},
      test: {file: 'test_labelled.tsv', header: false, text1: 0, label: 1, rows: 1200},
    },
  },
});
