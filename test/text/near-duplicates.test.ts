import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {createRandom} from '../../src/math/random.ts';
import {TextHashSet} from '../../src/text/hash-set.ts';
import {hash64} from '../../src/text/hash.ts';
import {NearDuplicates} from '../../src/text/near-duplicates.ts';

const random = createRandom('near duplicates');
const sentence = (length: number) => Array.from({length}, () => `word${random.integer(3000)}`);

/** Jaccard similarity of the sets of successive words, straight from its definition. */
const jaccard = (a: readonly string[], b: readonly string[], width: number): number => {
  const shingles = (words: readonly string[]) =>
    new Set(
      Array.from({length: Math.max(1, words.length - width + 1)}, (_, at) => words.slice(at, at + width).join(' ')),
    );
  const [inA, inB] = [shingles(a), shingles(b)];
  const shared = [...inA].filter(shingle => inB.has(shingle)).length;
  return shared / (inA.size + inB.size - shared);
};

describe('NearDuplicates', () => {
  test('finds planted ones and says which they are like', () => {
    const near = new NearDuplicates({threshold: 0.85});
    const texts = Array.from({length: 3000}, () => sentence(20));
    for (const text of texts) expect(near.findOrAdd(text)).toBe(-1);
    texts.forEach((text, at) => {
      expect(near.find([...text, 'more'])).toBe(at); // 19 of 20 shingles
      expect(near.find(text.slice(1))).toBe(at); // 18 of 19
      expect(near.find(['so', ...text])).toBe(at);
    });
    expect(near.size).toBe(3000);
  });

  test('leaves distinct ones alone: a changed word in the middle is 17 of 21 shingles', () => {
    const near = new NearDuplicates({threshold: 0.85});
    const text = sentence(20);
    near.add(text);
    expect(near.find(text.with(10, 'other'))).toBe(-1);
    expect(new NearDuplicates({threshold: 0.85}).find(text)).toBe(-1);
    const loose = new NearDuplicates({threshold: 0.8});
    loose.add(text);
    expect(loose.find(text.with(10, 'other'))).toBe(0);
  });

  test('agrees with the definition for every pair, at any threshold', () => {
    // Few different words, so that all similarities occur.
    const words = fc.array(fc.constantFrom('a', 'bb', 'ccc', 'dddd', 'e'), {minLength: 1, maxLength: 12});
    fc.assert(
      fc.property(
        words,
        words,
        fc.constantFrom(0.3, 0.5, 0.75, 0.85, 1),
        fc.integer({min: 1, max: 3}),
        (a, b, threshold, shingle) => {
          const near = new NearDuplicates({threshold, shingle});
          near.add(a);
          expect(near.find(b) >= 0).toBe(jaccard(a, b, shingle) >= threshold - 1e-9);
        },
      ),
      {numRuns: 3000},
    );
  });

  test('a shingle that all texts share does not make it forget', () => {
    const near = new NearDuplicates({threshold: 0.85});
    const texts = Array.from({length: 6000}, () => ['of', 'or', 'relating', 'to', 'the', ...sentence(8)]);
    for (const text of texts) near.add(text);
    for (const at of [0, 3000, 5999]) expect(near.find([...texts[at]!, 'x'])).toBe(at);
  });
});

describe('TextHashSet', () => {
  test('is a set', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), texts => {
        const hashes = new TextHashSet();
        const truth = new Set<string>();
        for (const text of texts) {
          expect(hashes.has(text)).toBe(truth.has(text));
          expect(hashes.add(text)).toBe(!truth.has(text));
          truth.add(text);
        }
        expect(hashes.size).toBe(truth.size);
      }),
    );
  });

  test('keeps 200,000 texts apart while it grows', () => {
    const hashes = new TextHashSet();
    for (let at = 0; at < 200_000; at++) if (!hashes.add(`text ${at}`)) expect.fail(`text ${at} is not new`);
    for (let at = 0; at < 200_000; at++) if (!hashes.has(`text ${at}`)) expect.fail(`text ${at} is lost`);
    expect(hashes.has('text 200000')).toBe(false);
  });
});

test('hash64 does not change: splits of tasks depend on it', () => {
  const out = new Uint32Array(2);
  const hashes = ['', 'a', 'the quick brown fox', '中文'].map(text => {
    hash64(text, out);
    return [...out];
  });
  expect(hashes).toMatchInlineSnapshot(`
    [
      [
        3954623016,
        3651860435,
      ],
      [
        298494453,
        2392469655,
      ],
      [
        4021670457,
        2636501531,
      ],
      [
        432693432,
        2745777834,
      ],
    ]
  `);
});
