import {defineTask} from './task.ts';

export default defineTask({
  name: 'lcqmc',
  description: 'Questions, in Chinese (LCQMC, its dev split alone): do two of them ask the same?',
  kind: 'classification',
  shape: 'pair',
  labels: ['different', 'same'],
  labelNames: {'0': 'different', '1': 'same'},
  metrics: ['accuracy', 'f1'],
  positiveLabel: 'same',
  source: {
    kind: 'files',
    folder: 'lcqmc',
    splits: {
      dev: {file: 'dev.txt', header: false, text1: 0, text2: 1, label: 2, rows: 8802},
    },
  },
});
