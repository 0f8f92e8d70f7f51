import {defineTask} from './task.ts';

const columns = {format: 'csv', header: false, text1: 0, text2: 1, label: 2} as const;

export default defineTask({
  name: 'stsb-zh',
  description: 'STS-B in Chinese by machine translation (stsb_multi_mt): how alike are two sentences, from 0 to 5?',
  kind: 'regression',
  shape: 'pair',
  range: {low: 0, high: 5},
  metrics: ['spearman', 'pearson'],
  source: {
    kind: 'files',
    folder: 'stsb-multi-mt-zh',
    splits: {
      train: {...columns, file: 'stsb-zh-train.csv', rows: 5749},
      dev: {...columns, file: 'stsb-zh-dev.csv', rows: 1500},
    },
  },
});
