import {defineTask} from './task.ts';

const labels =
  'story culture entertainment sports finance house car edu tech military travel world stock agriculture game'.split(
    ' ',
  );

export default defineTask({
  name: 'tnews',
  description: 'Headlines of Toutiao, in Chinese: which of fifteen sections is it from?',
  kind: 'classification',
  shape: 'sentence',
  labels,
  labelNames: Object.fromEntries(labels.map(label => [`news_${label}`, label])),
  metrics: ['accuracy'],
  source: {
    kind: 'files',
    folder: 'tnews',
    splits: {
      train: {file: 'train.tsv', header: false, text1: 0, label: 1, rows: 53360},
      dev: {file: 'dev.tsv', header: false, text1: 0, label: 1, rows: 10000},
    },
  },
});
