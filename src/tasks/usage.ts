import {createRandom} from '../math/random.ts';
import {constructPairs} from './construction/pair-construction.ts';
import {WordNetGraph, wordCount} from './construction/wordnet-graph.ts';
import {defineTask} from './task.ts';

export default defineTask({
  name: 'usage',
  description: 'An example sentence and a definition in WordNet: does the example use the word that is defined?',
  kind: 'classification',
  shape: 'pair',
  labels: ['other_word', 'same_word'],
  metrics: ['accuracy'],
  source: {
    kind: 'generated',
    generate: async ({seed, rows}) => {
      const synsets = new WordNetGraph().defined().filter(({examples}) => {
        const words = wordCount(examples[0] ?? '');
        return words >= 4 && words <= 25;
      });
      return constructPairs({
        positives: synsets,
        first: ({examples}) => examples[0]!,
        second: ({definition}) => definition,
        bucket: ({file}) => file,
        isFalse: (example, defined) => example !== defined,
        labels: {positive: 'same_word', negative: 'other_word'},
        rows,
        random: createRandom(seed).fork('usage'),
      });
    },
  },
});
