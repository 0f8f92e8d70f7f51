import {defineTask} from './task.ts';

const columns = {header: true, text1: 3, text2: 4};

export default defineTask({
  name: 'mrpc',
  description: 'Microsoft Research Paraphrase Corpus: do two news sentences say the same?',
  kind: 'classification',
  shape: 'pair',
  labels: ['not_equivalent', 'equivalent'],
  labelNames: {'0': 'not_equivalent', '1': 'equivalent'},
  positiveLabel: 'equivalent',
  metrics: ['accuracy', 'f1'],
  source: {
    kind: 'files',
    folder: 'MRPC',
    splits: {
      train: {...columns, file: 'train.tsv', label: 0, rows: 3668},
      dev: {...columns, file: 'dev.tsv', label: 0, rows: 408},
      test: {...columns, file: 'test.tsv', rows: 1725},
    },
  },
});
