import {defineTask} from './task.ts';

export default defineTask({
  name: 'sst-2',
  description: 'Stanford Sentiment Treebank: is the phrase of a film review positive?',
  kind: 'classification',
  shape: 'sentence',
  labels: ['negative', 'positive'],
  labelNames: {'0': 'negative', '1': 'positive'},
  metrics: ['accuracy'],
  source: {
    kind: 'files',
    folder: 'SST-2',
    splits: {
      train: {file: 'train.tsv', header: true, text1: 0, label: 1, rows: 67349},
      dev: {file: 'dev.tsv', header: true, text1: 0, label: 1, rows: 872},
      test: {file: 'test.tsv', header: true, text1: 1, rows: 1821},
    },
  },
});
