import {defineTask} from './task.ts';

/** For models trained on MNLI; labels are private. */
export default defineTask({
  name: 'ax',
  description: "GLUE's diagnostic set: NLI pairs that each show one linguistic phenomenon.",
  kind: 'classification',
  shape: 'pair',
  labels: ['entailment', 'neutral', 'contradiction'],
  metrics: ['matthews'],
  trainedAs: 'mnli',
  source: {
    kind: 'files',
    folder: 'diagnostic',
    splits: {test: {file: 'diagnostic.tsv', header: true, text1: 1, text2: 2, rows: 1104}},
  },
});
