import {defineTask} from './task.ts';

const labels = 'finance realty stocks education science society politics sports game entertainment'.split(' ');

export default defineTask({
  name: 'thucnews',
  description: 'Titles of Sina news (THUCNews), in Chinese: which of ten sections is it from?',
  kind: 'classification',
  shape: 'sentence',
  labels,
  // The files have numbers, in the order of class.txt.
  labelNames: Object.fromEntries(labels.map((label, id) => [String(id), label])),
  metrics: ['accuracy'],
  source: {
    kind: 'files',
    folder: 'thucnews',
    splits: {
      train: {file: 'train_part_clean.txt', header: false, text1: 0, label: 1, rows: 33462},
      dev: {file: 'dev.txt', header: false, text1: 0, label: 1, rows: 10000},
    },
  },
});
