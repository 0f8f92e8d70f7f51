import {expect, it} from 'vitest';
import {fc} from '../seeded.ts';
import {lengthBuckets} from '../../src/math/length-buckets.ts';

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
