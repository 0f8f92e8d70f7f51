import {readFileSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {BackendName} from '../../src/engine/types.ts';
import * as losses from '../../src/math/distillation-losses.ts';
import {cosineDistance} from '../../src/math/losses.ts';
import {relativeError} from '../engine/numbers.ts';

interface Case {
  readonly shape: number[];
  readonly student: number[];
  readonly teacher: number[];
  readonly values: number[];
  readonly gradient: number[];
}

// bench/reference/distillation_losses.py, torch 2.13.0: one line of PyTorch for each loss.
const expected = JSON.parse(readFileSync(new URL('../expected/distillation-losses.json', import.meta.url), 'utf8')) as {
  cases: Record<string, Case>;
} & Record<'negatives' | 'mask' | 'labels' | 'share', number[]> & {temperature: number};
const {temperature} = expected;

type Loss = (student: tf.Tensor, teacher: tf.Tensor, b: Readonly<Record<string, tf.Tensor>>) => tf.Tensor;
const ours: Record<string, Loss> = {
  cosNce: (s, t, b) => losses.cosNce(s as tf.Tensor2D, t as tf.Tensor2D, b['negatives'] as tf.Tensor3D),
  cosNceWithin: (s, t, b) => losses.cosNceWithin(s as tf.Tensor2D, t as tf.Tensor2D, b['share'] as tf.Tensor2D),
  softKl: (s, t) => losses.softKl(s as tf.Tensor2D, t as tf.Tensor2D, temperature),
  softCrossEntropy: (s, t) => losses.softCrossEntropy(s as tf.Tensor2D, t as tf.Tensor2D, temperature),
  logitsSquaredError: (s, t) => losses.logitsSquaredError(s as tf.Tensor2D, t as tf.Tensor2D),
  patientDistance: (s, t) => losses.patientDistance(s as tf.Tensor2D, t as tf.Tensor2D),
  tokenSquaredError: (s, t, b) =>
    losses.tokenSquaredError(s as tf.Tensor3D, t as tf.Tensor3D, b['mask'] as tf.Tensor2D),
  attentionSquaredError: (s, t, b) => losses.attentionSquaredError(s as tf.Tensor4D, t as tf.Tensor4D, b['mask'] as tf.Tensor2D), // prettier-ignore
  wordCrossEntropy: (s, _, b) => losses.wordCrossEntropy(s as tf.Tensor2D, b['labels'] as tf.Tensor1D),
  cosineDistance: (s, t) => cosineDistance(s as tf.Tensor2D, t as tf.Tensor2D),
};

const floats = (shape: number[], values: readonly number[]) => ({dtype: 'float32' as const, shape, data: Float32Array.from(values)}); // prettier-ignore

/** One value per row, and the gradient of Σ values · sin(1 + row) by the student. */
const evaluate = async (
  backend: BackendName,
  loss: Loss,
  {shape, student, teacher}: Omit<Case, 'values' | 'gradient'>,
) => {
  const rows = shape[0]!;
  const trainer = createTrainer({
    engine: await openEngine({backend, threads: 1}),
    parameters: {student: {shape, data: Float32Array.from(student)}},
    loss: (p, b, ctx) => {
      const values = loss(p['student']!, b['teacher']!, b);
      expect(values.shape).toEqual([rows]);
      tf.unstack(values).forEach((value, row) => ctx.report(`${row}`, value as tf.Scalar));
      return tf.sum(tf.mul(values, b['weights']!));
    },
  });
  const batch = {
    teacher: floats(shape, teacher),
    weights: floats(
      [rows],
      Array.from({length: rows}, (_, row) => Math.sin(1 + row)),
    ),
    negatives: floats([4, 3, 6], expected.negatives),
    mask: floats([4, 7], expected.mask),
    share: floats([4, 4], expected.share),
    labels: {dtype: 'int32' as const, shape: [4], data: Int32Array.from(expected.labels)},
  };
  const {gradients} = await trainer.gradients(batch);
  await trainer.step(batch, {learningRate: 0, progress: 0});
  const reported = trainer.reported();
  await trainer.close();
  return {values: Array.from({length: rows}, (_, row) => reported[row]!), gradient: gradients['student']!.data};
};

describe.each<BackendName>(['jit', 'cpu'])('losses are what one line of PyTorch gives, backend %s', backend => {
  it.each(Object.keys(ours))('%s', async name => {
    const known = expected.cases[name]!;
    const found = await evaluate(backend, ours[name]!, known);
    expect(relativeError(Float32Array.from(found.values), known.values)).toBeLessThan(2e-6);
    expect(relativeError(found.gradient, known.gradient)).toBeLessThan(1e-5);
  });
});

describe('COS-NCE at points that are known without computing', () => {
  const [east, north, up] = [[1, 0, 0], [0, 2, 0], [0, 0, 3]]; // prettier-ignore
  const west = [-5, 0, 0];
  const value = async (student: number[], teacher: number[], negatives: number[][]): Promise<number> => {
    const own: Loss = (s, t) => losses.cosNce(s as tf.Tensor2D, t as tf.Tensor2D, tf.tensor3d([negatives]));
    const found = await evaluate('cpu', own, {shape: [1, 3], student, teacher});
    return found.values[0]!;
  };

  it('positive aligned and negatives opposite: 0; negatives orthogonal: .5; all orthogonal: 2; the worst: 4', async () => {
    expect(await value(east, east, [west, west])).toBeCloseTo(0, 6);
    expect(await value(east, east, [north, up])).toBeCloseTo(0.5, 6);
    expect(await value(east, north, [up, up])).toBeCloseTo(2, 6);
    expect(await value(east, west, [east, east])).toBeCloseTo(4, 6);
  });

  it('slope by the distance to the positive 1.5, by that to each of K negatives −1/(2K)', async () => {
    // g = 1 − cos, so a state turned by a little in the plane of student and positive moves g alone.
    const turned = (angle: number): number[] => [Math.cos(angle), Math.sin(angle), 0];
    const g = (angle: number): number => 1 - Math.cos(angle);
    const slope = async (at: (angle: number) => Promise<number>): Promise<number> =>
      ((await at(1.01)) - (await at(0.99))) / (g(1.01) - g(0.99));
    expect(await slope(angle => value(east, turned(angle), [up, up]))).toBeCloseTo(1.5, 3);
    expect(await slope(angle => value(east, north, [turned(angle), up, up]))).toBeCloseTo(-1 / 6, 3);
  });
});
