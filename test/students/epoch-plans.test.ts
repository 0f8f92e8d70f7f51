import fc from 'fast-check';
import {expect, test} from 'vitest';
import {createRandom} from '../../src/math/random.ts';
import {planBatches} from '../../src/models/sentence-batch.ts';
import {epochPlans} from '../../src/training/vectors/epoch-plans.ts';
import {nearGroups} from '../../src/training/vectors/near-groups.ts';
import {rowsOf} from '../../src/math/vector-rows.ts';

const lengths = fc.array(fc.integer({min: 1, max: 40}), {minLength: 1, maxLength: 300});
const rows = 8;

test('without wishes an epoch is what it was: the same batches in the same order', () => {
  fc.assert(
    fc.property(lengths, fc.integer(), (own, seed) => {
      const plans = epochPlans({lengths: own, rows, random: createRandom(seed)});
      expect(plans).toEqual(planBatches(own, {rows, random: createRandom(seed)}));
    }),
    {numRuns: 30},
  );
});

test('members apart share no batch with others; each comes once; the number of batches is that of every epoch', () => {
  fc.assert(
    fc.property(lengths, fc.integer({min: 1, max: 5}), (own, every) => {
      const apart = (at: number): boolean => at % every === 0;
      const plan = (seed: number) => epochPlans({lengths: own, rows, random: createRandom(seed), apart});
      const plans = plan(1);
      for (const {members, tokens} of plans) {
        expect(new Set(members.map(apart)).size).toBe(1);
        for (const at of members) expect(own[at]).toBeLessThanOrEqual(tokens);
      }
      expect(plans.flatMap(({members}) => members).toSorted((a, b) => a - b)).toEqual([...own.keys()]);
      expect(plan(2)).toHaveLength(plans.length);
    }),
    {numRuns: 30},
  );
});

test('near sentences share batches, and which groups are neighbours changes', () => {
  const [count, groups, dim] = [960, 6, 12];
  const random = createRandom('planted');
  const data = new Float32Array(count * dim).map(() => 0.05 * random.normal());
  for (let at = 0; at < count; at++) data[at * dim + (at % groups)]! += 1;
  const found = nearGroups(rowsOf(data, dim), count, groups, () => createRandom(1))!;
  // The planted groups, whatever their numbers: all of one are together, and none with another.
  const numbers = Array.from({length: groups}, (_, at) => found[at]!);
  expect(new Set(numbers).size).toBe(groups);
  expect(found.every((group, at) => group === numbers[at % groups])).toBe(true);

  const plan = (seed: number) =>
    epochPlans({lengths: new Array<number>(count).fill(10), rows: 40, random: createRandom(seed), groups: found});
  const pure = plan(1).filter(({members}) => new Set(members.map(at => found[at])).size === 1);
  expect(pure).toHaveLength(count / 40);
  const firsts = new Set(
    [1, 2, 3].map(seed =>
      plan(seed)
        .map(({members}) => found[members[0]!])
        .join(),
    ),
  );
  expect(firsts.size).toBe(3);
  expect(nearGroups(rowsOf(data, dim), count, undefined, () => createRandom(1))).toBeNull();
});
