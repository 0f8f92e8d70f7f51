import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Synset} from '../../src/io/wordnet.ts';
import {createRandom} from '../../src/math/random.ts';
import {constructPairs} from '../../src/tasks/construction/pair-construction.ts';
import {isDevText} from '../../src/tasks/construction/split-by-hash.ts';
import {WordNetGraph} from '../../src/tasks/construction/wordnet-graph.ts';

describe('WordNetGraph', () => {
  const synset = (name: string, ...hypernyms: string[]): Synset => ({
    id: name,
    partOfSpeech: 'n',
    file: 'noun.act',
    lemmas: [name],
    pointers: hypernyms.map(target => ({symbol: '@', target})),
    definition: `a definition of ${name}`,
    examples: [],
  });
  const graph = new WordNetGraph([
    synset('root'),
    synset('animal', 'root'),
    synset('dog', 'animal', 'pet'),
    synset('pet', 'root'),
    synset('cat', 'animal'),
    synset('poodle', 'dog'),
    synset('island'),
  ]);
  const of = (name: string) => graph.synsets.find(({id}) => id === name)!;

  test('Wu-Palmer by hand', () => {
    // Depths: root 1, animal 2, dog and cat 3, poodle 4.
    expect(graph.wuPalmer(of('dog'), of('cat'))).toBeCloseTo((2 * 2) / (3 + 3));
    expect(graph.wuPalmer(of('poodle'), of('cat'))).toBeCloseTo((2 * 2) / (4 + 3));
    expect(graph.wuPalmer(of('poodle'), of('dog'))).toBeCloseTo((2 * 3) / (4 + 3));
    expect(graph.wuPalmer(of('dog'), of('dog'))).toBe(1);
    expect(graph.wuPalmer(of('dog'), of('island'))).toBe(0);
  });

  test('ancestors along all hypernyms, not only the first', () => {
    expect(graph.isAncestor(of('pet'), of('poodle'))).toBe(true);
    expect(graph.isAncestor(of('poodle'), of('pet'))).toBe(false);
    expect(graph.isAncestor(of('dog'), of('dog'))).toBe(false);
  });
});

describe('pairs', () => {
  const pair = fc.record({
    first: fc.integer({min: 0, max: 300}).map(n => `first text ${n}`),
    second: fc.integer({min: 0, max: 60}).map(n => `second text ${n}`),
    bucket: fc.constantFrom('a', 'b', 'c'),
  });

  test('no text on both sides, each second text as often true as false, no truth called false, no row twice', () => {
    fc.assert(
      fc.property(fc.array(pair, {minLength: 200, maxLength: 400, size: 'max'}), fc.integer(), (positives, seed) => {
        const made = constructPairs({
          positives,
          first: ({first}) => first,
          second: ({second}) => second,
          bucket: ({bucket}) => bucket,
          isFalse: (a, b) => a !== b,
          labels: {positive: 'yes', negative: 'no'},
          rows: {train: 100, dev: 40},
          random: createRandom(seed),
        });
        const truths = new Set(positives.map(({first, second}) => `${first}\t${second}`));
        const texts = (rows: typeof made.train) => new Set(rows.flatMap(([first, second]) => [first, second!]));
        const inDev = texts(made.dev);
        expect([...texts(made.train)].filter(text => inDev.has(text))).toEqual([]);
        for (const rows of [made.train, made.dev]) {
          const balance = new Map<string, number>();
          for (const [first, second, label] of rows) {
            expect(truths.has(`${first}\t${second}`)).toBe(label === 'yes');
            balance.set(second!, (balance.get(second!) ?? 0) + (label === 'yes' ? 1 : -1));
          }
          expect([...balance.values()].every(value => value === 0)).toBe(true);
          expect(new Set(rows.map(row => row.join('\t'))).size).toBe(rows.length);
        }
        expect(made.train.length).toBeLessThanOrEqual(100);
        expect(made.dev.every(([, second]) => isDevText(second!))).toBe(true);
      }),
    );
  });
});
