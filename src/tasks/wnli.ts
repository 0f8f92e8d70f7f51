import {defineTask} from './task.ts';

const columns = {header: true, text1: 1, text2: 2};

/** Its dev set is adversarial (sentences of train with opposite labels): the majority class is hard to beat. */
export default defineTask({
  name: 'wnli',
  description: 'Winograd NLI: does the sentence with the pronoun replaced follow?',
  kind: 'classification',
  shape: 'pair',
  labels: ['not_entailment', 'entailment'],
  labelNames: {'0': 'not_entailment', '1': 'entailment'},
  metrics: ['accuracy'],
  source: {
    kind: 'files',
    folder: 'WNLI',
    splits: {
      train: {...columns, file: 'train.tsv', label: 3, rows: 635},
      dev: {...columns, file: 'dev.tsv', label: 3, rows: 71},
      test: {...columns, file: 'test.tsv', rows: 146},
    },
  },
});
