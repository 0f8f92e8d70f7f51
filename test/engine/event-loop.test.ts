import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {createPredictor} from '../../src/engine/predictor.ts';
import {createTrainer} from '../../src/engine/trainer.ts';

const size = 512;
const matrix = {shape: [size, size], data: new Float32Array(size * size).fill(1 / size)};
const product = (w: tf.Tensor, times: number): tf.Tensor => {
  let y = w;
  for (let time = 0; time < times; time++) y = tf.matMul(y, w);
  return tf.sum(y);
};

/** How often the event loop goes round before `work` is done. */
const turnsDuring = async (work: Promise<unknown>): Promise<number> => {
  let done = false;
  void work.finally(() => (done = true));
  let turns = 0;
  for (; !done; turns++) await new Promise(resolve => setImmediate(resolve));
  await work;
  return turns;
};

// Some 3 · 10⁹ operations: the loop goes round a thousand times meanwhile, and three times where it is held up.
test('the event loop of who trains or predicts stays free', async () => {
  const engine = await openEngine({backend: 'jit', threads: 1});
  const trainer = createTrainer({engine, parameters: {w: matrix}, loss: p => product(p['w']!, 4) as tf.Scalar});
  const step = (): Promise<number> => trainer.step({}, {learningRate: 1e-6, progress: 0});
  await step();
  expect(await turnsDuring(step())).toBeGreaterThan(20);
  const predictor = createPredictor({engine, parameters: {w: matrix}, forward: p => product(p['w']!, 12)});
  await predictor.run({});
  expect(await turnsDuring(predictor.run({}))).toBeGreaterThan(20);
  await Promise.all([trainer.close(), predictor.close()]);
});

test('predictions that are asked for at once are all given', async () => {
  const engine = await openEngine({backend: 'jit', threads: 1});
  const predictor = createPredictor({
    engine,
    parameters: {w: matrix},
    forward: (p, b) => tf.mul(tf.sum(p['w']!), b['x']!),
  });
  const run = (x: number): Promise<Float32Array[]> =>
    predictor.run({x: {dtype: 'float32', shape: [1], data: Float32Array.of(x)}});
  const found = await Promise.all([1, 2, 3].map(run));
  found.forEach(([y], at) => expect(y![0]).toBeCloseTo((at + 1) * size, 1));
  await predictor.close();
});
