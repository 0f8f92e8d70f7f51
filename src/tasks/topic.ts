import {createRandom} from '../math/random.ts';
import {comparable} from '../text/normalize.ts';
import {groupBy, sample} from './construction/sample.ts';
import {isDevText} from './construction/split-by-hash.ts';
import {WordNetGraph} from './construction/wordnet-graph.ts';
import {defineTask, type Row} from './task.ts';

const labels = 'act artifact attribute cognition communication event food group location person state substance'.split(
  ' ',
);
/** Definitions taken of each class, before the split: the largest class has ten times the smallest. */
const perClass = 900;

export default defineTask({
  name: 'topic',
  description: "A noun's definition in WordNet: which of twelve supersenses is it?",
  kind: 'classification',
  shape: 'sentence',
  labels,
  metrics: ['accuracy'],
  source: {
    kind: 'generated',
    generate: async ({seed, rows}) => {
      const random = createRandom(seed).fork('topic');
      const classes = new Set(labels.map(label => `noun.${label}`));
      const definitions = new WordNetGraph().defined().filter(({file}) => classes.has(file));
      // One definition in two classes has no right answer; in one class twice it would be in the data twice.
      const unique = [...groupBy(definitions, ({definition}) => comparable(definition)).values()].flatMap(group =>
        group.every(({file}) => file === group[0]!.file) ? group[0]! : [],
      );
      const chosen = [...groupBy(unique, ({file}) => file).values()].flatMap(group => sample(group, perClass, random));
      const all = chosen.map(({definition, file}): Row => [definition, null, file.slice('noun.'.length)]);
      return {
        train: sample(
          all.filter(([text]) => !isDevText(text)),
          rows.train,
          random,
        ),
        dev: sample(
          all.filter(([text]) => isDevText(text)),
          rows.dev,
          random,
        ),
      };
    },
  },
});
