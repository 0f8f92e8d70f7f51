import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {createRandom} from '../../src/math/random.ts';
import {cosineDecay, linearDecay, warmupLinear} from '../../src/math/schedules.ts';
import {paddedLength, planBatches, sentenceBatch} from '../../src/models/sentence-batch.ts';

describe('plans', () => {
  const lengths = fc.array(fc.integer({min: 0, max: 90}), {maxLength: 300});

  test('each sentence is in one batch that it fits into, and only the last bucket has empty rows', () => {
    fc.assert(
      fc.property(lengths, fc.integer({min: 1, max: 16}), fc.integer(), (all, rows, seed) => {
        const plans = planBatches(all, {rows, random: createRandom(seed)});
        const members = plans.flatMap(plan => plan.members);
        expect([...members].sort((a, b) => a - b)).toEqual(all.map((_, at) => at));
        for (const plan of plans) {
          expect(plan.rows).toBe(rows);
          for (const at of plan.members) expect(all[at]!).toBeLessThanOrEqual(plan.tokens);
        }
        expect(plans.filter(plan => plan.members.length < rows).length).toBeLessThanOrEqual(1);
        expect(plans.length).toBe(Math.ceil(all.length / rows));
      }),
    );
  });

  test('every order has the same shapes, and the same seed the same order', () => {
    fc.assert(
      fc.property(lengths, fc.integer(), fc.integer(), (all, a, b) => {
        const shapes = (seed: number): number[] =>
          planBatches(all, {rows: 8, random: createRandom(seed)}).map(plan => plan.tokens).sort((x, y) => x - y); // prettier-ignore
        expect(shapes(a)).toEqual(shapes(b));
        expect(planBatches(all, {rows: 8, random: createRandom(a)})).toEqual(
          planBatches(all, {rows: 8, random: createRandom(a)}),
        );
      }),
    );
  });

  test('padding of many short texts stays under 5 %, in few shapes', () => {
    const random = createRandom('lengths');
    const all = Array.from({length: 20_000}, () => Math.max(1, Math.round(9 + 3.5 * random.normal())));
    const plans = planBatches(all, {rows: 128, random});
    const places = plans.reduce((sum, {rows, tokens}) => sum + rows * tokens, 0);
    const tokens = all.reduce((sum, length) => sum + length, 0);
    expect(1 - tokens / places).toBeLessThan(0.05);
    expect(new Set(plans.map(plan => plan.tokens)).size).toBeLessThanOrEqual(16);
  });

  /** What batches of these lengths cost, each filled up with the shorter ones that are left: tokens a row, and a share for each shape. */
  const costOf = (all: readonly number[], rows: number, to: readonly number[], shapeCost: number): number => {
    const mean = all.reduce((sum, length) => sum + length, 0) / all.length;
    let [tokens, placed, shapes] = [0, 0, 0];
    for (const [at, length] of to.entries()) {
      const waiting = all.filter(own => own <= length).length - placed;
      const batches = at === to.length - 1 ? Math.ceil(waiting / rows) : Math.floor(waiting / rows);
      if (batches > 0) shapes++;
      tokens += batches * length;
      placed += Math.min(waiting, batches * rows);
    }
    return tokens + shapeCost * mean * shapes;
  };

  test('no other lengths would cost less', () => {
    const few = fc.array(fc.integer({min: 1, max: 9}), {minLength: 1, maxLength: 60});
    fc.assert(
      fc.property(few, fc.integer({min: 1, max: 8}), fc.constantFrom(0, 0.5, 4), (all, rows, shapeCost) => {
        const longest = Math.max(...all);
        const subsets = Array.from({length: 2 ** (longest - 1)}, (_, bits) =>
          Array.from({length: longest}, (_, at) => at + 1).filter(
            length => length === longest || (bits >> (length - 1)) & 1,
          ),
        );
        const plans = planBatches(all, {rows, shapeCost});
        const mean = all.reduce((sum, length) => sum + length, 0) / all.length;
        const found =
          plans.reduce((sum, {tokens}) => sum + tokens, 0) +
          shapeCost * mean * new Set(plans.map(plan => plan.tokens)).size;
        expect(found).toBeCloseTo(Math.min(...subsets.map(to => costOf(all, rows, to, shapeCost))), 8);
      }),
    );
  });

  test('a set as small as RTE: a shape more where it saves half a batch', () => {
    const random = createRandom('lengths');
    const all = Array.from({length: 2500}, () => Math.max(4, Math.round(Math.exp(2.5 + 0.4 * random.normal()))));
    const plans = planBatches(all, {rows: 32, random});
    const places = plans.reduce((sum, {rows, tokens}) => sum + rows * tokens, 0);
    expect(1 - all.reduce((sum, length) => sum + length, 0) / places).toBeLessThan(0.1);
    expect(new Set(plans.map(plan => plan.tokens)).size).toBeLessThanOrEqual(16);
  });

  test('without a random order sentences stay in theirs; few of a length join longer ones', () => {
    expect(planBatches([3, 9, 4, 2, 10], {rows: 2, shapeCost: 0})).toEqual([
      {members: [0, 3], rows: 2, tokens: 3},
      {members: [1, 2], rows: 2, tokens: 9},
      {members: [4], rows: 2, tokens: 10},
    ]);
    expect(planBatches([3, 9, 4, 2, 10], {rows: 2, shapeCost: 4}).map(plan => plan.tokens)).toEqual([10, 10, 10]);
    expect(planBatches([], {rows: 2})).toEqual([]);
    expect(planBatches([0, 0], {rows: 2})).toEqual([{members: [0, 1], rows: 2, tokens: 1}]);
    expect(() => planBatches([1], {rows: 0})).toThrow('at least one row, found 0');
    expect([0, 4, 5, 64, 65, 97, 129].map(paddedLength)).toEqual([4, 4, 6, 64, 80, 112, 160]);
  });

  test('many sentences are no deeper a stack', () => {
    expect(planBatches(Array<number>(300_000).fill(7), {rows: 256})).toHaveLength(1172);
  });
});

test('a batch: both directions read from the front, padding last, empty rows without weight', () => {
  const text = (ids: number[], weights: number[]) => ({ids: Int32Array.from(ids), weights: Float32Array.from(weights)});
  const batch = sentenceBatch([text([5, 6, 7], [0.5, 0.25, 0.25]), text([8], [1])], {rows: 3, tokens: 4});
  expect(batch.ids.shape).toEqual([2, 4, 3]);
  // prettier-ignore
  expect([...batch.ids.data]).toEqual([
    5, 8, 0,  6, 0, 0,  7, 0, 0,  0, 0, 0,
    7, 8, 0,  6, 0, 0,  5, 0, 0,  0, 0, 0,
  ]);
  // prettier-ignore
  expect([...batch.weights.data]).toEqual([
    0.5, 1, 0,  0.25, 0, 0,  0.25, 0, 0,  0, 0, 0,
    0.25, 1, 0,  0.25, 0, 0,  0.5, 0, 0,  0, 0, 0,
  ]);
  expect([...batch.mask.data]).toEqual([1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0]);
  expect([...batch.rowWeights.data]).toEqual([1, 1, 0]);
  expect(() => sentenceBatch([text([1, 2], [1, 1])], {rows: 1, tokens: 1})).toThrow('A sentence of 2 tokens');
  expect(() => sentenceBatch([text([1], [1]), text([1], [1])], {rows: 1, tokens: 1})).toThrow('2 sentences do not fit');
});

test('schedules', () => {
  expect([0, 1, 2, 3].map(step => linearDecay(step, 4))).toEqual([1, 0.75, 0.5, 0.25]);
  expect(linearDecay(99, 100)).toBe(0.05);
  expect([0, 1, 4, 8].map(step => warmupLinear(step, 10, 4))).toEqual([0.25, 0.45, 0.6, 0.19999999999999996]);
  expect(warmupLinear(0, 10, 0)).toBe(1);
  expect(cosineDecay(0, 10)).toBe(1);
  expect(cosineDecay(5, 10)).toBeCloseTo(0.5, 12);
  expect(cosineDecay(10, 10)).toBe(0);
  expect(() => linearDecay(1, 0)).toThrow('found step 1 of 0');
});
