import {defineTask} from './task.ts';

/** Its train and dev files have no header, its test file has one. */
export default defineTask({
  name: 'cola',
  description: 'Corpus of Linguistic Acceptability: is the sentence grammatical?',
  kind: 'classification',
  shape: 'sentence',
  labels: ['unacceptable', 'acceptable'],
  labelNames: {'0': 'unacceptable', '1': 'acceptable'},
  metrics: ['matthews', 'accuracy'],
  source: {
    kind: 'files',
    folder: 'CoLA',
    splits: {
      train: {file: 'train.tsv', header: false, text1: 3, label: 1, rows: 8551},
      dev: {file: 'dev.tsv', header: false, text1: 3, label: 1, rows: 1043},
      test: {file: 'test.tsv', header: true, text1: 1, rows: 1063},
    },
  },
});
