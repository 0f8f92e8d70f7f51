import type {Synset} from '../io/wordnet.ts';
import {createRandom, type Random} from '../math/random.ts';
import {comparable} from '../text/normalize.ts';
import {isDevText} from './construction/split-by-hash.ts';
import {WordNetGraph} from './construction/wordnet-graph.ts';
import {defineTask, type Row} from './task.ts';

/** Random pairs of nouns are nearly all unrelated: the score is spread over ten bins, none above an eighth of the rows. */
const bins = 10;
const largestBin = 1 / 8;
/** Wu-Palmer values of these nouns lie between about .15 and .95; that range becomes 0 to 5. */
const [lowest, highest] = [0.15, 0.95];

export default defineTask({
  name: 'sim',
  description: "Two nouns' definitions in WordNet: how close are they in its hierarchy (Wu-Palmer), from 0 to 5?",
  kind: 'regression',
  shape: 'pair',
  range: {low: 0, high: 5},
  metrics: ['spearman', 'pearson'],
  source: {
    kind: 'generated',
    generate: async ({seed, rows}) => {
      const random = createRandom(seed).fork('sim');
      const graph = new WordNetGraph();
      const nouns = graph.defined().filter(synset => {
        const depth = graph.path(synset).length;
        const isClass = synset.partOfSpeech === 'n' && synset.pointers.every(({symbol}) => symbol !== '@i');
        return isClass && synset.file !== 'noun.plant' && synset.file !== 'noun.animal' && depth >= 5 && depth <= 14;
      });
      const side = (isDev: boolean) => nouns.filter(({definition}) => isDevText(definition) === isDev);
      return {
        train: pairsOf(graph, side(false), rows.train, random.fork('train')),
        dev: pairsOf(graph, side(true), rows.dev, random.fork('dev')),
      };
    },
  },
});

const pairsOf = (graph: WordNetGraph, nouns: readonly Synset[], count: number, random: Random): Row[] => {
  const pool = new Set(nouns);
  const rows: Row[] = [];
  const filled = new Uint32Array(bins);
  const used = new Set<string>();
  // The bins allow more rows than are asked for; the limit only guards against an impossible count.
  for (let tries = 0; rows.length < count && tries < 1000 * count; tries++) {
    const a = nouns[random.integer(nouns.length)]!;
    const b = random.uniform() < 0.8 ? relative(graph, a, pool, random) : nouns[random.integer(nouns.length)]!;
    if (b === null || comparable(a.definition) === comparable(b.definition)) continue;
    const key = [comparable(a.definition), comparable(b.definition)].sort().join('\t');
    const share = Math.max(0, Math.min(1, (graph.wuPalmer(a, b) - lowest) / (highest - lowest)));
    const bin = Math.min(bins - 1, Math.floor(share * bins));
    if (used.has(key) || filled[bin]! >= count * largestBin) continue;
    used.add(key);
    filled[bin]!++;
    const [first, second] = random.uniform() < 0.5 ? [a, b] : [b, a];
    rows.push([first.definition, second.definition, (5 * share).toFixed(2)]);
  }
  return rows;
};

/** A noun of the pool under one of a's ancestors: up a random number of steps, down at random. */
const relative = (graph: WordNetGraph, a: Synset, pool: ReadonlySet<Synset>, random: Random): Synset | null => {
  const path = graph.path(a);
  const top = path[1 + random.integer(path.length - 1)]!;
  for (let tries = 0; tries < 40; tries++) {
    let synset = top;
    for (let below = graph.hyponyms(synset); below.length > 0; below = graph.hyponyms(synset)) {
      if (synset !== top && random.uniform() < 0.4) break;
      synset = below[random.integer(below.length)]!;
    }
    if (synset !== top && pool.has(synset)) return synset;
  }
  return null;
};
