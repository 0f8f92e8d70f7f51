import {defineTask} from './task.ts';

const columns = {header: true, text1: 8, text2: 9};

/** Genres that MNLI's training rows do not hold; answered by what was trained on those. */
export default defineTask({
  name: 'mnli-mm',
  description: 'Multi-Genre NLI (mismatched): the same question on genres that were not trained on.',
  kind: 'classification',
  shape: 'pair',
  labels: ['entailment', 'neutral', 'contradiction'],
  metrics: ['accuracy'],
  trainedAs: 'mnli',
  source: {
    kind: 'files',
    folder: 'MNLI',
    splits: {
      dev: {...columns, file: 'dev_mismatched.tsv', label: 15, rows: 9832},
      test: {...columns, file: 'test_mismatched.tsv', rows: 9847},
    },
  },
});
