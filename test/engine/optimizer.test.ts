import {readFileSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {Batch, Engine, Trainer, TrainerOptions} from '../../src/engine/types.ts';
import {warmupLinear} from '../../src/math/schedules.ts';
import {layerRates} from '../../src/models/layer-rates.ts';
import {relativeError} from './numbers.ts';

interface Expected {
  readonly start: Readonly<Record<string, number[]>>;
  readonly end: Readonly<Record<string, number[]>>;
  readonly ids: number[][];
  readonly targets: number[][];
  /** Loss and norm of the gradients of each step. */
  readonly losses: [number, number][];
}

// bench/reference/adamw_groups.py, torch 2.13.0.
const file = new URL('../expected/adamw-groups-torch.json', import.meta.url);
const expected = JSON.parse(readFileSync(file, 'utf8')) as Expected;
const table = 'embeddings.table';
const shapes: Readonly<Record<string, number[]>> = {
  [table]: [6, 3],
  'encoder.layer.0.weight': [3, 3],
  'encoder.layer.0.bias': [3],
  'encoder.layer.1.weight': [3, 3],
  'classifier.weight': [3, 2],
};

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({backend: 'jit', threads: 1});
});

const small = (options: Partial<TrainerOptions> = {}): Trainer =>
  createTrainer({
    engine,
    parameters: Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, {shape, data: Float32Array.from(expected.start[name]!)}]),
    ),
    lazyRows: [table],
    optimizer: {
      ...{beta1: 0.85, beta2: 0.97, epsilon: 1e-7, weightDecay: 0.1, clipNorm: 3.3},
      rateOf: layerRates(2, 0.7),
    },
    loss: (p, b, ctx) => {
      const lower = tf.matMul(ctx.lookup(table, b['ids']!), p['encoder.layer.0.weight']!);
      const middle = tf.tanh(tf.add(lower, p['encoder.layer.0.bias']!));
      const upper = tf.tanh(tf.matMul(middle, p['encoder.layer.1.weight']!));
      const difference = tf.sub(tf.matMul(ctx.dropout(upper, 0), p['classifier.weight']!), b['targets']!);
      return tf.mul(tf.mean(tf.square(difference)), 3);
    },
    ...options,
  });

const batchAt = (at: number): Batch => ({
  ids: {dtype: 'int32', shape: [8], data: Int32Array.from(expected.ids[at]!)},
  targets: {dtype: 'float32', shape: [8, 2], data: Float32Array.from(expected.targets[at]!)},
});

test('decay groups, layer-wise rates, warmup, accumulation, clipping and lazy rows together are torch.optim.AdamW', async () => {
  const trainer = small();
  for (const [step, [loss]] of expected.losses.entries()) {
    const learningRate = 0.05 * warmupLinear(step, 10, 3);
    const ours = await trainer.step([batchAt(2 * step), batchAt(2 * step + 1)], {learningRate, progress: 0});
    expect(Math.abs(ours - loss), `step ${step}`).toBeLessThanOrEqual(2e-5 * loss);
  }
  for (const [name, {data}] of Object.entries(trainer.parameters())) {
    expect(relativeError(data, expected.end[name]!), name).toBeLessThanOrEqual(2e-5);
  }
  // Norms above 3.3 were clipped, and not all of them were.
  expect(new Set(expected.losses.map(([, norm]) => norm > 3.3))).toEqual(new Set([true, false]));
});

test('the rates of layers fall from the head to the embeddings', () => {
  const rate = layerRates(2, 0.5);
  const names = ['classifier.weight', 'pooler.dense.bias', 'encoder.layer.1.output.dense.bias', 'encoder.layer.0.x', 'embeddings.y']; // prettier-ignore
  expect(names.map(rate)).toEqual([1, 1, 0.5, 0.25, 0.125]);
});

describe('several batches in a step', () => {
  test('one batch twice is that batch once, and no batch is an error', async () => {
    const [once, twice] = [small(), small()];
    const settings = {learningRate: 0.01, progress: 0};
    const losses = [await once.step(batchAt(0), settings), await twice.step([batchAt(0), batchAt(0)], settings)];
    expect(losses[1]).toBe(losses[0]);
    expect(twice.parameters()).toEqual(once.parameters());
    await expect(once.step([], settings)).rejects.toThrow('A step takes 1 to 127 batches, found 0.');
  });

  test('have masks of their own', async () => {
    const loss: TrainerOptions['loss'] = (p, _, ctx) => tf.sum(ctx.dropout(p['w']!, 0.5));
    const w = {shape: [1000], data: new Float32Array(1000).fill(1)};
    const settings = {learningRate: 0, progress: 0};
    const trained = (): Trainer => createTrainer({engine, parameters: {w}, loss});
    // A thousand draws twice: were the masks the same, so were the sums.
    expect(await trained().step([{}, {}], settings)).not.toBe(await trained().step({}, settings));
  });
});
