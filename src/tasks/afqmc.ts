import {defineTask} from './task.ts';

export default defineTask({
  name: 'afqmc',
  description: 'Questions to Ant Financial, in Chinese (AFQMC): do two of them mean the same?',
  kind: 'classification',
  shape: 'pair',
  labels: ['different', 'same'],
  labelNames: {'0': 'different', '1': 'same'},
  metrics: ['accuracy', 'f1'],
  positiveLabel: 'same',
  source: {
    kind: 'files',
    folder: 'afqmc',
    splits: {
      train: {file: 'train.txt', header: false, text1: 0, text2: 1, label: 2, rows: 34334},
      dev: {file: 'dev.txt', header: false, text1: 0, text2: 1, label: 2, rows: 4316},
    },
  },
});
