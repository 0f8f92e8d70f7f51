import {defineTask} from './task.ts';

const columns = {header: true, text1: 7, text2: 8};

export default defineTask({
  name: 'sts-b',
  description: 'Semantic Textual Similarity Benchmark: how alike are two sentences, from 0 to 5?',
  kind: 'regression',
  shape: 'pair',
  range: {low: 0, high: 5},
  metrics: ['spearman', 'pearson'],
  source: {
    kind: 'files',
    folder: 'STS-B',
    splits: {
      train: {...columns, file: 'train.tsv', label: 9, rows: 5749},
      dev: {...columns, file: 'dev.tsv', label: 9, rows: 1500},
      test: {...columns, file: 'test.tsv', rows: 1379},
    },
  },
});
