import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import cola from '../../src/tasks/cola.ts';
import {createRandom} from '../../src/math/random.ts';
import {byLength} from '../../src/training/multi-task/by-length.ts';
import {epochOrder, mixtureOf} from '../../src/training/multi-task/epoch-order.ts';
import type {TrainingExample} from '../../src/training/multi-task/encode.ts';
import {headLayout} from '../../src/training/multi-task/heads.ts';
import {bamRates} from '../../src/training/multi-task/layer-rates.ts';
import {stepBatches} from '../../src/training/multi-task/step-batches.ts';
import {copiesAndWeights, samplingShares, weightsAlone} from '../../src/training/multi-task/task-weights.ts';

// The sizes in the authors' code (google-research/bam); MRPC and STS-B are doubled there by the swapped order.
const glue = {cola: 8551, mnli: 392702, mrpc: 7336, qnli: 108436, qqp: 363869, sst: 67349, sts: 11498, rte: 2490};
const [names, sizes] = [Object.keys(glue), Object.values(glue)];

describe('task weights', () => {
  it('are those of the worked example on GLUE', () => {
    const found = copiesAndWeights(sizes, 0.75);
    const byName = <T>(values: readonly T[]): Record<string, T> => Object.fromEntries(names.map((name, at) => [name, values[at]!])); // prettier-ignore
    expect(byName(found.map(({copies}) => copies))).toEqual({cola: 3, mnli: 1, mrpc: 3, qnli: 1, qqp: 1, sst: 2, sts: 2, rte: 4}); // prettier-ignore
    expect(byName(found.map(({weight}) => Number(weight.toFixed(4))))).toEqual({
      ...{cola: 0.8634, mnli: 0.9951, mrpc: 0.8972, qnli: 1.3727, qqp: 1.0142, sst: 0.7731, sts: 1.2028, rte: 0.8816},
    });
    const {examples} = mixtureOf(sizes, {by: 'copies', exponent: 0.75});
    expect(examples).toBe(1_080_322);
    expect(6 * Math.ceil(examples / 128)).toBe(50_646);
    const total = found.reduce((sum, {copies, weight}, at) => sum + copies * weight * sizes[at]!, 0);
    const shares = found.map(({copies, weight}, at) => (copies * weight * sizes[at]!) / total);
    expect(byName(shares.map(share => Number(share.toFixed(4))))).toEqual({
      ...{mnli: 0.3581, qqp: 0.3382, qnli: 0.1364, sst: 0.0954, sts: 0.0253, cola: 0.0203, mrpc: 0.0181, rte: 0.008},
    });
    samplingShares(sizes, 0.75).forEach((share, at) => expect(shares[at]).toBeCloseTo(share, 12));
  });

  it('alone give the same shares, with a mean of 1 over examples', () => {
    const found = weightsAlone(sizes, 0.75);
    const mass = found.map(({weight}, at) => weight * sizes[at]!);
    const examples = sizes.reduce((sum, size) => sum + size, 0);
    expect(mass.reduce((sum, part) => sum + part, 0)).toBeCloseTo(examples, 3);
    samplingShares(sizes, 0.75).forEach((share, at) => expect(mass[at]! / examples).toBeCloseTo(share, 12));
  });
});

describe('the order of an epoch', () => {
  const small = [10, 40, 300];

  it('holds every example as often as it has copies, mixed', () => {
    const mixture = mixtureOf(small, {by: 'copies', exponent: 0.5});
    const order = epochOrder(mixture, createRandom(1));
    const counts = new Map<number, number>();
    for (const at of order) counts.set(at, (counts.get(at) ?? 0) + 1);
    // √(10/300) · 300 = 54.8 of 10, √(40/300) · 300 = 109.5 of 40.
    expect(mixture.taskWeights.map(({copies}) => copies)).toEqual([5, 3, 1]);
    for (let at = 0; at < 350; at++) expect(counts.get(at)).toBe(at < 10 ? 5 : at < 50 ? 3 : 1);
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
    expect(epochOrder(mixture, createRandom(1))).toEqual(order);
    expect(epochOrder(mixture, createRandom(2))).not.toEqual(order);
  });

  it('samples tasks by |D|^exponent, each example of a task once before any comes again', () => {
    const mixture = mixtureOf(small, {by: 'sampling', exponent: 0.5});
    const order = epochOrder(mixture, createRandom(1));
    expect(order).toHaveLength(350);
    const first = order.filter(at => at < 10);
    expect(new Set(first.subarray(0, 10)).size).toBe(10);
    const [share] = samplingShares(small, 0.5);
    // 350 draws: a deviation of √(p (1 − p) / 350) = .017.
    expect(Math.abs(first.length / 350 - share!)).toBeLessThan(0.06);
    expect(mixture.taskWeights).toEqual(small.map(() => ({copies: 1, weight: 1})));
  });
});

it('rates fall layer by layer, the heads above all', () => {
  // BERT-large: depth of the heads 26, of layer 23 24, of the embeddings 0.
  const rate = bamRates(24, 0.9);
  expect(rate('heads.weight')).toBe(1);
  expect(rate('pooler.dense.bias')).toBe(0.9);
  expect(rate('encoder.layer.23.output.dense.weight')).toBeCloseTo(0.9 ** 2, 12);
  expect(rate('encoder.layer.0.output.dense.weight')).toBeCloseTo(0.9 ** 25, 12);
  expect(rate('embeddings.word_embeddings.weight')).toBeCloseTo(0.9 ** 26, 12);
});

describe('steps by length', () => {
  const random = createRandom('lengths');
  const lengths = Array.from({length: 150}, () => 5 + Math.floor(60 * random.uniform()));
  const order = random.shuffle(Uint32Array.from(lengths.keys()));
  const dealt = (steps: number): Uint32Array =>
    byLength(order, {batch: 8, steps, lengthOf: at => lengths[at]!, random: createRandom(1)});

  it('keep the examples of so many steps among themselves, and each step to similar lengths', () => {
    const found = dealt(4);
    const sorted = (values: Uint32Array): number[] => [...values].sort((a, b) => a - b);
    const spread = (values: Uint32Array, at: number): number => {
      const own = Array.from(values.subarray(at, at + 8), member => lengths[member]!);
      return Math.max(...own) - Math.min(...own);
    };
    for (let from = 0; from < 150; from += 32)
      expect(sorted(found.subarray(from, from + 32))).toEqual(sorted(order.subarray(from, from + 32)));
    const mean = (values: Uint32Array): number =>
      Array.from({length: 18}, (_, step) => spread(values, step * 8)).reduce((sum, own) => sum + own, 0) / 18;
    expect(mean(found)).toBeLessThan(mean(order) / 2);
    // Short and long ones in no order.
    const firsts = Array.from({length: 18}, (_, step) => lengths[found[step * 8]!]!);
    expect(firsts).not.toEqual(firsts.toSorted((a, b) => a - b));
  });

  it('are drawn one by one when there is one, and what is left over stays last', () => {
    expect(dealt(1)).toEqual(order);
    const last = Array.from(dealt(4).subarray(144), at => lengths[at]!);
    const before = Array.from(dealt(4).subarray(128, 144), at => lengths[at]!);
    expect(Math.min(...last)).toBeGreaterThanOrEqual(Math.max(...before));
  });
});

describe('the parts of a step', () => {
  const layout = headLayout([cola]);
  const example = (length: number): TrainingExample => ({
    ...{task: 0, id: String(length), ids: new Int32Array(length).fill(7), first: length},
    ...{gold: Float32Array.of(0, 1), teacher: null},
  });
  const partsOf = (lengths: readonly number[], runPieces: number) =>
    stepBatches(lengths.map(example), 1, {
      layout,
      batch: 24,
      runPieces,
      positions: 100,
      weightOf: () => 1,
      hasTeacher: false,
    });

  it('hold every example once, the longest first, within as many pieces as there may be', () => {
    const lengths = fc.array(fc.integer({min: 1, max: 100}), {minLength: 1, maxLength: 24});
    fc.assert(
      fc.property(lengths, fc.integer({min: 1, max: 600}), (all, runPieces) => {
        const parts = partsOf(all, runPieces);
        const shapes = parts.map(({ids}) => ids!.shape);
        for (const [rows, tokens] of shapes) {
          expect(rows === 1 || rows! * tokens! <= runPieces).toBe(true);
          expect(rows!).toBeLessThanOrEqual(24);
          expect(shapes.filter(shape => shape[1] === tokens).every(shape => shape[0] === rows)).toBe(true);
        }
        const rowsOf = parts.flatMap(({mask}) => {
          const [data, [rows = 0, tokens = 0]] = [Array.from<number>(mask!.data), mask!.shape];
          const sumOf = (row: number): number =>
            data.slice(row * tokens, (row + 1) * tokens).filter(value => value > 0).length;
          return Array.from({length: rows}, (_, row) => sumOf(row));
        });
        expect(rowsOf.filter(length => length > 0)).toEqual(all.toSorted((a, b) => b - a));
        // Each counts as much as the engine's mean over the parts takes away.
        const weight = parts.flatMap(({weights}) => [...weights!.data]).reduce((sum, value) => sum + value, 0);
        expect(weight / parts.length).toBeCloseTo(all.length, 3);
      }),
    );
  });
});
