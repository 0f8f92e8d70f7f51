import {defineTask} from './task.ts';

// Maas et al. 2011 as one line a review: 0 or 1, the stars (1 to 10), the text. There is no dev split.
const columns = {header: false, label: 0, text1: 2, rows: 25_000};

export default defineTask({
  name: 'imdb',
  description: 'Film reviews of IMDb: is the review positive?',
  kind: 'classification',
  shape: 'sentence',
  labels: ['negative', 'positive'],
  labelNames: {'0': 'negative', '1': 'positive'},
  metrics: ['accuracy'],
  source: {
    kind: 'files',
    folder: 'imdb',
    splits: {train: {...columns, file: 'train.tsv'}, test: {...columns, file: 'test.tsv'}},
  },
});
