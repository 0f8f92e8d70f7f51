import {createRandom} from '../math/random.ts';
import {constructPairs} from './construction/pair-construction.ts';
import {groupBy} from './construction/sample.ts';
import {WordNetGraph} from './construction/wordnet-graph.ts';
import {defineTask} from './task.ts';

/** A hypernym with hundreds of hyponyms would otherwise be most of the data. */
const perHypernym = 4;

export default defineTask({
  name: 'entail',
  description: 'Two definitions in WordNet: is the second that of what the first is a kind of (its direct hypernym)?',
  kind: 'classification',
  shape: 'pair',
  labels: ['not_entailment', 'entailment'],
  metrics: ['accuracy'],
  source: {
    kind: 'generated',
    generate: async ({seed, rows}) => {
      const random = createRandom(seed).fork('entail');
      const graph = new WordNetGraph();
      const defined = new Set(graph.defined());
      // Plants and animals are a third of all nouns, and their definitions name the genus.
      const pairs = [...defined]
        .filter(({file}) => file !== 'noun.plant' && file !== 'noun.animal')
        .flatMap(synset =>
          graph.hypernyms(synset).flatMap(hypernym => (defined.has(hypernym) ? {synset, hypernym} : [])),
        );
      const capped = [...groupBy(random.shuffle(pairs), ({hypernym}) => hypernym.id).values()].flatMap(group =>
        group.slice(0, perHypernym),
      );
      return constructPairs({
        positives: capped,
        first: ({synset}) => synset.definition,
        second: ({hypernym}) => hypernym.definition,
        bucket: ({hypernym}) => hypernym.file,
        // What is further up, or further down, is not wrong enough.
        isFalse: ({synset}, {hypernym}) =>
          synset !== hypernym && !graph.isAncestor(hypernym, synset) && !graph.isAncestor(synset, hypernym),
        labels: {positive: 'entailment', negative: 'not_entailment'},
        rows,
        random,
      });
    },
  },
});
