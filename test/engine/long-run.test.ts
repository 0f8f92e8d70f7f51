import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {CompiledCache} from '../../src/engine/jit/cache.ts';
import type {Compiled} from '../../src/engine/jit/compiled.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {Batch, Engine, LossFunction, Trainer} from '../../src/engine/types.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({backend: 'jit', threads: 1});
});

const trainerOf = (loss: LossFunction, optimizer = {}): Trainer => {
  const w = {shape: [4, 4], data: Float32Array.from({length: 16}, (_, at) => 0.5 + at / 16)};
  return createTrainer({engine, parameters: {w}, loss, optimizer});
};
const batchOf = (rows: number, value = 1): Batch => ({
  x: {dtype: 'float32', shape: [rows, 4], data: new Float32Array(4 * rows).fill(value)},
});

test('ten thousand steps over four shapes leave tensors and memory as they were', async () => {
  const trainer = trainerOf((p, b, ctx) => tf.mean(tf.square(tf.matMul(ctx.dropout(b['x']!, 0.1), p['w']!))), {clipNorm: 1}); // prettier-ignore
  const steps = async (count: number): Promise<void> => {
    for (let step = 0; step < count; step++) {
      await trainer.step(batchOf(1 + (step % 4)), {learningRate: 1e-3, progress: 0});
    }
  };
  // What is compiled and optimised by Node and what the heap grows to at first is over by then.
  await steps(3000);
  const [before, megabytes] = [tf.memory().numTensors, process.memoryUsage().rss / 2 ** 20];
  await steps(10_000);
  expect(tf.memory().numTensors).toBe(before);
  // A leak of one number of 4 kB a step would be 40 MB; a collection that is yet to come is less than half of it.
  expect(process.memoryUsage().rss / 2 ** 20 - megabytes).toBeLessThan(20);
  await trainer.close();
}, 60_000);

test('the session that was used least recently is closed first', async () => {
  const closed: string[] = [];
  const made: string[] = [];
  const cache = new CompiledCache(3);
  const use = (name: string): Promise<Compiled> =>
    cache.get(name, () => {
      made.push(name);
      const session = {inputNames: [], run: () => Promise.resolve(), close: () => Promise.resolve(void closed.push(name))}; // prettier-ignore
      return Promise.resolve({session, need: {host: 0, inside: 0}, filled: [], entries: {}, outputs: [], rows: []});
    });
  for (const name of ['a', 'b', 'c', 'a', 'd', 'a', 'e', 'b']) await use(name);
  expect(made).toEqual(['a', 'b', 'c', 'd', 'e', 'b']);
  expect(closed).toEqual(['b', 'c', 'd']);
  await cache.close();
  expect(closed.slice(3).sort()).toEqual(['a', 'b', 'e']);
});

describe('what stops a training', () => {
  const settings = {learningRate: 0.1, progress: 0};

  test('a loss that is not a number leaves the last checkpoint, from which the training goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nan-'));
    const loss: LossFunction = (p, b) => tf.mean(tf.log(tf.matMul(b['x']!, p['w']!)));
    const trainer = trainerOf(loss);
    await trainer.step(batchOf(2), settings);
    await trainer.save(folder, {at: 'one'});
    const good = trainer.parameters();
    await trainer.step(batchOf(2), settings);
    await expect(trainer.step([batchOf(2), batchOf(2, -1)], settings)).rejects.toThrow(
      /stopped at step 3: the loss is NaN/,
    );
    const resumed = trainerOf(loss);
    expect(await resumed.restore(folder)).toEqual({at: 'one'});
    expect(resumed.parameters()).toEqual(good);
    await resumed.step(batchOf(2), settings);
    await resumed.step(batchOf(2), settings);
    expect(resumed.steps).toBe(3);
  });

  test('a kernel without a gradient is named', async () => {
    const trainer = trainerOf(p => tf.sum(tf.prod(p['w']!, 0)));
    await expect(trainer.step({}, settings)).rejects.toThrow(
      /no gradient for the TensorFlow\.js kernel "Prod".*tf\.customGrad/,
    );
  });
});
