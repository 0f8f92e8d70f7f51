import {readBrown} from '../io/brown.ts';
import {createRandom} from '../math/random.ts';
import {comparable} from '../text/normalize.ts';
import {balanced, groupBy} from './construction/sample.ts';
import {isDevDocument} from './construction/split-by-hash.ts';
import {wordCount} from './construction/wordnet-graph.ts';
import {defineTask} from './task.ts';

/** Brown's categories by the second letter of a document's name; `r`, humor, has nine documents and is left out. */
const genres: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...'abc'].map(letter => [letter, 'press'])),
  ...Object.fromEntries([...'defg'].map(letter => [letter, 'nonfiction'])),
  ...Object.fromEntries([...'hj'].map(letter => [letter, 'learned'])),
  ...Object.fromEntries([...'klmnp'].map(letter => [letter, 'fiction'])),
};

export default defineTask({
  name: 'genre',
  description: 'A sentence of the Brown corpus: press, learned, fiction, or other nonfiction?',
  kind: 'classification',
  shape: 'sentence',
  labels: ['press', 'learned', 'fiction', 'nonfiction'],
  metrics: ['accuracy'],
  source: {
    kind: 'generated',
    readsBrown: true,
    generate: async ({seed, rows}) => {
      const random = createRandom(seed).fork('genre');
      const sentences = [...readBrown()].flatMap(({document, text}) => {
        const label = genres[document[1]!];
        const words = wordCount(text);
        return label !== undefined && words >= 6 && words <= 35 ? {text, label, isDev: isDevDocument(document)} : [];
      });
      // Stock phrases stand in several documents: a sentence counts once, on dev's side if it is there.
      const unique = [...groupBy(sentences, ({text}) => comparable(text)).values()].map(
        group => group.find(({isDev}) => isDev) ?? group[0]!,
      );
      const rowsOf = (isDev: boolean, count: number) =>
        balanced(
          groupBy(
            unique.filter(sentence => sentence.isDev === isDev),
            ({label}) => label,
          ),
          count,
          random.fork(isDev ? 'dev' : 'train'),
        ).map(({text, label}) => [text, null, label] as const);
      return {train: rowsOf(false, rows.train), dev: rowsOf(true, rows.dev)};
    },
  },
});
