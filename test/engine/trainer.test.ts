import '@tensorflow/tfjs-backend-cpu';
import {mkdtempSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {createPredictor} from '../../src/engine/predictor.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {Batch, Engine, LossFunction, Trainer, TrainerOptions} from '../../src/engine/types.ts';
import {distilLoss, sentences, smallStudent, teacherBatch} from './student.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({backend: 'jit', threads: 1});
});

let outside: tf.Tensor;
beforeAll(async () => {
  await tf.setBackend('cpu');
  outside = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
});

const folder = (): string => mkdtempSync(join(tmpdir(), 'trainer-'));
const student = (options: Partial<TrainerOptions> = {}): Trainer =>
  createTrainer({
    engine, parameters: smallStudent(), loss: distilLoss('idf', 0.2), lazyRows: ['embedding'], optimizer: {clipNorm: 1}, seed: 5, ...options,
  }); // prettier-ignore
const batchAt = (step: number): Batch => {
  const tokens = step % 2 ? 8 : 4;
  return teacherBatch(sentences([tokens, 2, 3], `s${step}`), {rows: 4, tokens}, `s${step}`);
};
const train = async (trainer: Trainer, to: number): Promise<number[]> => {
  const losses: number[] = [];
  while (trainer.steps < to) {
    const progress = trainer.steps / 12;
    losses.push(await trainer.step(batchAt(trainer.steps), {learningRate: 0.01 * (1 - progress), progress}));
  }
  return losses;
};

describe('checkpoints', () => {
  test('a training that was killed and resumed ends with the same bytes as one that was not', async () => {
    const whole = student();
    await train(whole, 12);
    const checkpoint = folder();
    const killed = student();
    await train(killed, 7);
    await killed.save(checkpoint, {epoch: '2'});
    await train(killed, 9); // steps after the checkpoint are lost
    const resumed = student();
    expect(await resumed.restore(checkpoint)).toEqual({epoch: '2'});
    expect(resumed.steps).toBe(7);
    await train(resumed, 12);
    const [a, b] = [folder(), folder()];
    await whole.save(a);
    await resumed.save(b);
    expect(
      readFileSync(join(b, 'checkpoint.safetensors')).equals(readFileSync(join(a, 'checkpoint.safetensors'))),
    ).toBe(true);
    // A test that compares constants would pass as well.
    expect(whole.parameters()).not.toEqual(student().parameters());
  });

  test('the same seed gives the same bytes, another seed other masks', async () => {
    const run = async (seed: number): Promise<unknown> => {
      const trainer = student({seed});
      return [await train(trainer, 6), trainer.parameters()];
    };
    const [a, b, c] = [await run(5), await run(5), await run(6)];
    expect(b).toEqual(a);
    expect(c).not.toEqual(a);
  });

  test('no checkpoint is null; one of another training and a broken one are refused and change nothing', async () => {
    const empty = folder();
    const trainer = student();
    expect(await trainer.restore(empty)).toBeNull();
    expect(await trainer.restore(join(empty, 'missing'))).toBeNull();
    await student({frozen: ['bias']}).save(empty);
    await expect(trainer.restore(empty)).rejects.toThrow(
      /belongs to another training: first\/bias is absent in it and \[2, 20\] here/,
    );
    await student({seed: 6}).save(empty);
    await expect(trainer.restore(empty)).rejects.toThrow(/belongs to seed 6, this training has 5/);
    const file = join(empty, 'checkpoint.safetensors');
    writeFileSync(file, readFileSync(file).subarray(0, 2000));
    await expect(trainer.restore(empty)).rejects.toThrow(/not a sound safetensors file/);
    expect(trainer.parameters()).toEqual(student().parameters());
    expect(readdirSync(empty)).toEqual(['checkpoint.safetensors']);
  });
});

test('a thousand steps leave no tensor behind, and progress is an input of the one traced graph', async () => {
  let calls = 0;
  const loss: LossFunction = (p, _, ctx) => {
    calls++;
    return tf.mul(tf.sum(tf.square(ctx.dropout(p['w']!, 0.5))), ctx.progress);
  };
  const trainer = createTrainer({engine, parameters: {w: {shape: [8], data: new Float32Array(8).fill(1)}}, loss});
  await trainer.step({}, {learningRate: 0, progress: 1});
  const {numTensors, numDataBuffers} = tf.memory();
  const losses: number[] = [];
  for (let step = 0; step < 1000; step++) losses.push(await trainer.step({}, {learningRate: 0, progress: step % 2}));
  expect(tf.memory()).toMatchObject({numTensors, numDataBuffers});
  // One trace with its gradient, two that check that the loss depends on its inputs alone.
  expect(calls).toBe(3);
  expect(new Set(losses.filter((_, at) => at % 2 === 0))).toEqual(new Set([0]));
  // Half of eight ones, times (1 / .5)², is 16 on average, and masks differ from step to step.
  const odd = losses.filter((_, at) => at % 2 === 1);
  expect(odd.reduce((sum, value) => sum + value, 0) / odd.length).toBeGreaterThan(15);
  expect(odd.reduce((sum, value) => sum + value, 0) / odd.length).toBeLessThan(17);
  expect(new Set(odd).size).toBeGreaterThan(4);
});

test('more shapes than sessions are kept still train', async () => {
  const trainer = createTrainer({
    engine,
    parameters: {w: {shape: [1], data: Float32Array.of(1)}},
    loss: (p, b) => tf.sum(tf.mul(b['x']!, p['w']!)),
  });
  for (const size of [...Array(30).keys(), 0, 5]) {
    const data = new Float32Array(size + 1).fill(2);
    const x = {dtype: 'float32' as const, shape: [size + 1], data};
    expect(await trainer.step({x}, {learningRate: 0, progress: 0})).toBe(2 * (size + 1));
  }
  await trainer.close();
});

describe('mistakes are named', () => {
  const failing = (loss: LossFunction, options: Partial<TrainerOptions> = {}): Promise<number> => {
    const parameters = {w: {shape: [3, 2], data: new Float32Array(6).fill(1)}};
    const ids = {dtype: 'int32' as const, shape: [2], data: Int32Array.of(0, 5)};
    return createTrainer({engine, parameters, loss, ...options}).step({ids}, {learningRate: 0.5, progress: 0});
  };

  test.each<[string, LossFunction, RegExp, Partial<TrainerOptions>?]>([
    [
      'a value read on the host',
      p => tf.scalar(tf.sum(p['w']!).dataSync()[0]!),
      /value of the result of ReduceSum \[\] was read on the host.*tf\.where instead of if/,
    ],
    ['a constant baked by accident', p => tf.sum(tf.mul(p['w']!, tf.tensor2d([[1, 2], [3, 4], [5, 6]]))), /tensor \[3, 2\] with values from the host.*batch entry or a parameter/], // prettier-ignore
    ['dropout that draws on the host', p => tf.sum(tf.dropout(p['w']!, 0.5)), /ctx\.dropout/],
    ['a random tensor', p => tf.sum(tf.mul(p['w']!, tf.randomNormal([3, 2]))), /ctx\.dropout/],
    ['a host number that changes', p => tf.mul(tf.sum(p['w']!), Math.random()), /differs from one call to the next/],
    [
      'a kernel without lowering',
      p => tf.engine().runKernel<tf.Scalar>('NoSuchKernel', {x: p['w']!}),
      /no lowering for the TensorFlow\.js kernel "NoSuchKernel"/,
    ],
    ['a tensor from outside', p => tf.sum(tf.mul(p['w']!, outside)), /tensor from outside/],
    ['an unknown parameter', p => tf.sum(p['v']!), /There is no parameter "v"; there are: w\./],
    ['an unknown batch entry', (_, b) => tf.sum(b['v']!), /There is no batch entry "v"; there are: ids\./],
    [
      'a loss that is no scalar',
      p => p['w'] as tf.Scalar,
      /must return a float32 scalar, found a float32 tensor \[3, 2\]/,
    ],
    [
      'a loss of NaN',
      p => tf.mean(tf.log(tf.neg(p['w']!))),
      /stopped at step 1: the loss is NaN \(learning rate 0\.5\)/,
    ],
    [
      'an infinite gradient',
      p => tf.sum(tf.sqrt(tf.sub(p['w']!, 1))),
      /the norm of the gradients is (Infinity|NaN) at loss 0/,
    ],
    [
      'an id outside the table',
      (_, b, ctx) => tf.sum(ctx.lookup('w', b['ids']!)),
      /id 5 at position 1 is outside the table's 3 rows/,
      {lazyRows: ['w']},
    ],
    [
      'a lazy table used whole',
      p => tf.sum(p['w']!),
      /use ctx\.lookup\('w', ids\) instead of p\['w'\]/,
      {lazyRows: ['w']},
    ],
    [
      'ids that are computed',
      (_, b, ctx) => tf.sum(ctx.lookup('w', tf.reverse(b['ids']!))),
      /ids must be an int32 entry of the batch/,
      {lazyRows: ['w']},
    ],
    ['an unknown frozen parameter', p => tf.sum(p['w']!), /frozen: there is no parameter "v"/, {frozen: ['v']}],
    [
      'a dropout rate of 1',
      (p, _, ctx) => tf.sum(ctx.dropout(p['w']!, 1)),
      /dropout rate must be in \[0, 1\), found 1/,
    ],
  ])('%s', async (_, loss, message, options) => {
    await expect((async () => failing(loss, options))()).rejects.toThrow(message);
    // The engine still works after it.
    expect(await failing(p => tf.sum(p['w']!))).toBe(6);
  });

  test('a batch whose data does not fit its shape', async () => {
    const x = {dtype: 'float32' as const, shape: [3], data: new Float32Array(2)};
    const trainer = createTrainer({
      engine,
      parameters: {w: {shape: [], data: Float32Array.of(1)}},
      loss: p => p['w'] as tf.Scalar,
    });
    await expect(trainer.step({x}, {learningRate: 0, progress: 0})).rejects.toThrow(
      '"x" is declared as float32 [3] (3 values), its data is float32 with 2',
    );
  });

  test('a NaN loss updates nothing', async () => {
    const parameters = {w: {shape: [1], data: Float32Array.of(2)}};
    const trainer = createTrainer({engine, parameters, loss: (p, b) => tf.mean(tf.log(tf.mul(p['w']!, b['x']!)))});
    const x = (value: number): Batch => ({x: {dtype: 'float32', shape: [1], data: Float32Array.of(value)}});
    await trainer.step(x(1), {learningRate: 0.1, progress: 0});
    const before = trainer.parameters();
    const settings = {learningRate: 0.1, progress: 0, batchName: () => 'batch 7 of 9'};
    await expect(trainer.step(x(-1), settings)).rejects.toThrow(/stopped at step 2: .* It was batch 7 of 9\./);
    expect(trainer.parameters()).toEqual(before);
    expect(trainer.steps).toBe(1);
  });
});

describe('engines', () => {
  test('auto takes what is there and says what computes', async () => {
    const opened = await openEngine({threads: 2});
    expect(['node-gpu', 'node', 'jit']).toContain(opened.backend);
    expect(opened.version).toMatch(/^\S+ \d+\.\d+\.\d+$/);
    expect(opened.threads).toBe(2);
  });

  test('an engine that was asked for and is not there is an error', async () => {
    await expect(openEngine({backend: 'node', threads: 1})).rejects.toThrow(
      /engine "node" \(@tensorflow\/tfjs-node\) cannot be used: not installed/,
    );
    await expect(openEngine({threads: 0})).rejects.toThrow('at least one thread, found 0');
  });

  test('a predictor gives one array for each tensor, and knows no dropout', async () => {
    const predictor = createPredictor({
      engine,
      parameters: {w: {shape: [2], data: Float32Array.of(1, 2)}},
      forward: (p, b, ctx) => [ctx.dropout(tf.mul(p['w']!, b['x']!), 0.9), p['w']!, b['x']!],
    });
    const x = {dtype: 'float32' as const, shape: [2], data: Float32Array.of(3, 4)};
    expect((await predictor.run({x})).map(array => [...array])).toEqual([[3, 8], [1, 2], [3, 4]]); // prettier-ignore
    await predictor.close();
  });
});
