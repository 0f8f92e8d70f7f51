import {defineTask} from './task.ts';

const columns = {header: true, text1: 8, text2: 9};

/** Matched genres. The gold label is in another column in dev than in train, which has fewer annotators. */
export default defineTask({
  name: 'mnli',
  description: 'Multi-Genre NLI (matched): does the second text follow from the first, contradict it, or neither?',
  kind: 'classification',
  shape: 'pair',
  labels: ['entailment', 'neutral', 'contradiction'],
  metrics: ['accuracy'],
  source: {
    kind: 'files',
    folder: 'MNLI',
    splits: {
      train: {...columns, file: 'train.tsv', label: 11, rows: 392702},
      dev: {...columns, file: 'dev_matched.tsv', label: 15, rows: 9815},
      test: {...columns, file: 'test_matched.tsv', rows: 9796},
    },
  },
});
