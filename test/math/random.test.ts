import {describe, expect, it} from 'vitest';
import {fc} from '../seeded.ts';
import {createRandom, fromWords} from '../../src/math/random.ts';

const take = <T>(count: number, draw: () => T): T[] => Array.from({length: count}, draw);

describe('createRandom', () => {
  // Origin: the reference C of https://prng.di.unimi.it/xoshiro128starstar.c, worked in Python's integers.
  it('is xoshiro128**', () => {
    const random = fromWords([1, 2, 3, 4]);
    expect(take(10, random.uint32)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  // Origin: the same Python, words = struct.unpack('<4I', hashlib.sha256(key).digest()[:16]), keys n1, s1, n1 NUL a.
  it('is seeded by SHA-256 of the seed and the names', () => {
    expect(take(4, createRandom(1).uint32)).toEqual([3948163064, 2863944790, 2019631587, 1410390771]);
    expect(take(2, createRandom('1').uint32)).toEqual([1534488555, 3661682288]);
    expect(take(2, createRandom(1).fork('a').uint32)).toEqual([540314974, 3005830822]);
  });

  it('forks by name, however much was drawn', () => {
    const random = createRandom(7);
    const before = random.fork('mask').uint32();
    take(100, random.normal);
    expect(random.fork('mask').uint32()).toBe(before);
    expect(random.fork('order').uint32()).not.toBe(before);
  });

  it('goes on where a saved state was taken, also between the two numbers of a normal pair', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(7), (seed, drawn) => {
        const random = createRandom(seed);
        take(drawn, random.normal);
        const state = JSON.parse(JSON.stringify(random.state())) as ReturnType<typeof random.state>;
        const other = createRandom('other');
        other.restore(state);
        expect(take(5, other.normal)).toEqual(take(5, random.normal));
        expect(other.fork('x').uint32()).toBe(random.fork('x').uint32());
      }),
    );
  });

  it('draws whole numbers without bias, one by one and in bulk', () => {
    // 3·2³⁰ is where a plain remainder would give the first third twice as often as the others.
    for (const below of [1, 2, 3, 7, 20, 1000, 40_000, 3 * 2 ** 30]) {
      const random = createRandom(below);
      const bulk = new Uint32Array(30_001);
      random.integers(bulk, below);
      for (const values of [take(30_000, () => random.integer(below)), Array.from(bulk)]) {
        expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...values)).toBeLessThan(below);
        const thirds = [0, 0, 0];
        for (const value of values) thirds[Math.floor((3 * value) / below)]!++;
        if (below % 3 !== 0) continue;
        // sd of a share of 30,000 is .0027: five of them
        for (const third of thirds) expect(Math.abs(third / values.length - 1 / 3)).toBeLessThan(0.0136);
      }
    }
  });

  it('gives normals with the right moments', () => {
    const random = createRandom('moments');
    const values = take(100_000, random.normal);
    const moment = (power: number): number => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    // five standard errors: sqrt(1/n), sqrt(2/n), sqrt(15/n), sqrt(96/n)
    expect(Math.abs(moment(1))).toBeLessThan(0.016);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.023);
    expect(Math.abs(moment(3))).toBeLessThan(0.062);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.155);
  });

  it('shuffles: every permutation of three is as likely', () => {
    const random = createRandom(3);
    const seen = new Map<string, number>();
    take(12_000, () => random.shuffle([1, 2, 3]).join('')).forEach(key => seen.set(key, (seen.get(key) ?? 0) + 1));
    expect(seen.size).toBe(6);
    for (const count of seen.values()) expect(Math.abs(count - 2000)).toBeLessThan(205);
    expect(random.shuffle(Int32Array.of(1, 2, 3)).toSorted()).toEqual(Int32Array.of(1, 2, 3));
  });

  it('refuses what is no seed and no bound', () => {
    expect(() => createRandom(NaN)).toThrow('A seed must be finite, found NaN.');
    expect(() => createRandom(1).integer(0)).toThrow('from 1 to 2^32, found 0');
    expect(() => createRandom(1).integers(new Int32Array(1), 1.5)).toThrow('found 1.5');
    expect(() => fromWords([0, 0, 0, 0])).toThrow('all zeros');
  });
});
