import {createRandom} from '../math/random.ts';
import {isDevText} from './construction/split-by-hash.ts';
import {groupBy, sample} from './construction/sample.ts';
import {defineTask, type Row} from './task.ts';

/** Parts of speech of jieba's dictionary that say what a word names. */
const kinds = {nr: 'person', ns: 'place', nt: 'organisation', i: 'idiom', v: 'action'} as const;

/** What can be said of any word; the word alone decides. */
const templates = [
  '书里提到了WORD，大家都记得。',
  '有人在问WORD是什么意思。',
  '昨天的报纸上又见到WORD。',
  '老师让我们用WORD造句。',
];

/** Words that a reader may know; rarer ones are mostly names of villages. */
const leastFrequency = 20;

export default defineTask({
  name: 'kind-zh',
  description: 'A made Chinese sentence about a word: does it name a person, a place, an organisation, an action, or is it an idiom?', // prettier-ignore
  kind: 'classification',
  shape: 'sentence',
  labels: Object.values(kinds),
  metrics: ['accuracy'],
  source: {
    kind: 'generated',
    generate: async ({seed, rows}) => {
      const random = createRandom(seed).fork('kind-zh');
      const {dict} = await import('@node-rs/jieba/dict.js');
      // Lines of jieba's dictionary: word, frequency, part of speech.
      const words = Buffer.from(dict)
        .toString('utf8')
        .split('\n')
        .flatMap(line => {
          const [word = '', frequency, part = ''] = line.trim().split(' ');
          const kind = kinds[part as keyof typeof kinds];
          return kind && word.length > 1 && Number(frequency) >= leastFrequency ? [{word, kind}] : [];
        });
      // As many of each kind, so that the largest class is no answer.
      const groups = [...groupBy(words, ({kind}) => kind).values()];
      const least = Math.min(...groups.map(group => group.length));
      const all = groups
        .flatMap(group => sample(group, least, random))
        .map(({word, kind}): Row => [templates[random.integer(templates.length)]!.replace('WORD', word), null, kind]); // prettier-ignore
      const isDev = all.map(([text]) => isDevText(text));
      return {
        train: sample(all.filter((_, at) => !isDev[at]), rows.train, random), // prettier-ignore
        dev: sample(all.filter((_, at) => isDev[at]), rows.dev, random), // prettier-ignore
      };
    },
  },
});
