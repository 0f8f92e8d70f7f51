import {expect, it} from 'vitest';
import {fc} from '../seeded.ts';
import {lengthBuckets, lengthBucketsFor} from '../../src/math/length-buckets.ts';

it('puts every text into one batch, sorted by length, within the budget where a text alone is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({max: 130})),
      fc.integer({min: 1, max: 300}),
      fc.integer({min: 1, max: 10}),
      (lengths, budget, rows) => {
        const buckets = lengthBuckets(lengths, {budget, rows});
        const order = buckets.flatMap(bucket => [...bucket]);
        expect([...order].sort((a, b) => a - b)).toEqual(lengths.map((_, index) => index));
        expect(order.map(index => Math.max(1, lengths[index]!))).toEqual(
          lengths.map(l => Math.max(1, l)).sort((a, b) => a - b),
        );
        for (const bucket of buckets) {
          const longest = Math.max(1, ...[...bucket].map(index => lengths[index]!));
          expect(bucket.length).toBeLessThanOrEqual(rows);
          if (bucket.length > 1) expect(longest * bucket.length).toBeLessThanOrEqual(budget);
        }
      },
    ),
  );
  expect(lengthBuckets([3, 1, 3, 9, 2], {budget: 6, rows: 9}).map(bucket => [...bucket])).toEqual([
    [1, 4],
    [0, 2],
    [3],
  ]);
});

it('gives each of several threads a batch where one round is enough, and no other cut has a cheaper dearest batch', () => {
  const dearest = (lengths: readonly number[], buckets: readonly Int32Array[]): number =>
    Math.max(...buckets.map(bucket => bucket.length * Math.max(1, ...[...bucket].map(index => lengths[index]!))));
  fc.assert(
    fc.property(
      fc.array(fc.nat({max: 40}), {minLength: 1, maxLength: 8}),
      fc.integer({min: 1, max: 4}),
      fc.integer({min: 1, max: 8}),
      (lengths, parts, rows) => {
        const buckets = lengthBucketsFor(lengths, {parts, rows});
        expect(buckets.flatMap(bucket => [...bucket]).sort((a, b) => a - b)).toEqual(lengths.map((_, index) => index));
        for (const bucket of buckets) expect(bucket.length).toBeLessThanOrEqual(rows);
        if (parts === 1 || lengths.length > parts * rows) return;
        expect(buckets.length).toBeLessThanOrEqual(parts);
        const order = [...lengths.keys()].sort((a, b) => lengths[a]! - lengths[b]! || a - b);
        // All ways to cut the sorted texts into at most so many batches.
        for (let cuts = 0; cuts < 2 ** (order.length - 1); cuts++) {
          const other: number[][] = [[order[0]!]];
          for (const [at, index] of order.entries())
            if (at > 0) if ((cuts >> (at - 1)) & 1) other.push([index]); else other.at(-1)!.push(index); // prettier-ignore
          if (other.length > parts || other.some(bucket => bucket.length > rows)) continue;
          expect(dearest(lengths, buckets)).toBeLessThanOrEqual(dearest(lengths, other.map(bucket => Int32Array.from(bucket)))); // prettier-ignore
        }
      },
    ),
  );
});
