import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {beforeEach, describe, expect, test} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {backendName, recordingBackend} from '../../src/engine/jit/backend.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {LossFunction} from '../../src/engine/types.ts';

beforeEach(async () => {
  recordingBackend();
  await tf.setBackend(backendName);
});

describe('outside a step the backend is lazy', () => {
  test('reading computes, at once or later, with the same result', async () => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const y = tf.matMul(tf.add(x, 1), x);
    expect([...y.dataSync()]).toEqual([11, 16, 19, 28]);
    const z = tf.sub(y, 10);
    expect([...(await z.data())]).toEqual([1, 6, 9, 18]);
    expect(y.arraySync()).toEqual([[11, 16], [19, 28]]); // prettier-ignore
  });

  test('several reads that wait, and one in between that does not', async () => {
    const x = tf.tensor1d([1, 2, 3]);
    const later = [2, 3, 4].map(factor => tf.mul(x, factor).data());
    expect([...tf.mul(x, 5).dataSync()]).toEqual([5, 10, 15]);
    expect((await Promise.all(later)).map(data => [...data])).toEqual([[2, 4, 6], [3, 6, 9], [4, 8, 12]]); // prettier-ignore
  });

  test('all types of numbers, texts and complex numbers', async () => {
    expect([...(await tf.add(tf.tensor1d([1, 2], 'int32'), 1).data())]).toEqual([2, 3]);
    expect([...(await tf.greater(tf.tensor1d([1, 2]), 1.5).data())]).toEqual([0, 1]);
    expect(await tf.concat([tf.tensor1d(['a', 'ä']), tf.tensor1d(['b'])]).array()).toEqual(['a', 'ä', 'b']);
    const product = tf.mul(tf.complex([1, 2], [3, 4]), tf.complex([0, 1], [1, 0]));
    expect([...(await product.data())]).toEqual([-3, 1, 2, 4]);
  });

  test('a long chain that nobody reads comes out right, and tensors do not pile up', async () => {
    const weights = tf.variable(tf.tensor1d([0, 1]));
    const before = tf.memory().numTensors;
    for (let step = 0; step < 1000; step++) tf.tidy(() => weights.assign(tf.add(weights, tf.tensor1d([1, 2]))));
    expect([...(await weights.data())]).toEqual([1000, 2001]);
    expect(tf.memory().numTensors).toBe(before);
    weights.dispose();
  });

  test('a tensor of another backend moves here', async () => {
    await tf.setBackend('cpu');
    const x = tf.tensor1d([1, 2, 3]);
    await tf.setBackend(backendName);
    expect([...(await tf.square(x).data())]).toEqual([1, 4, 9]);
  });

  test('what ONNX Runtime refuses is an error of the read', async () => {
    const outside = tf.gather(tf.tensor1d([1, 2, 3]), tf.tensor1d([7, 0], 'int32'));
    expect(() => outside.dataSync()).toThrow(/could not compute a tensor that was read: .*out of data bounds/);
    await expect(outside.data()).rejects.toThrow(/could not compute a tensor that was read: .*out of data bounds/);
    // And the thread goes on.
    expect([...tf.add(tf.tensor1d([1, 2]), 1).dataSync()]).toEqual([2, 3]); // prettier-ignore
  });

  test('shapes of a product that do not fit: both, with the axes', () => {
    expect(() => tf.matMul(tf.ones([2, 3]), tf.ones([4, 5]))).toThrow(
      /^A matrix product of \[2, 3\], whose axis -1 is 3, and \[4, 5\], whose axis -2 is 4, at .*: these must be equal\.$/,
    );
  });
});

describe('inside a step a value that would stay in the graph is an error that names the line', () => {
  const failing = async (loss: LossFunction): Promise<string> => {
    const parameters = {w: {shape: [2], data: Float32Array.of(1, 2)}};
    const trainer = createTrainer({engine: await openEngine({backend: 'jit', threads: 1}), parameters, loss});
    const message = await trainer.gradients({}).then(
      () => 'no error',
      (error: Error) => error.message,
    );
    await trainer.close();
    return message;
  };
  const here = (): number => Number(/lazy\.test\.ts:(\d+)/.exec(new Error().stack!.split('\n')[2]!)![1]);

  test('numbers from the host', async () => {
    const line = here() + 1;
    const message = await failing(p => tf.sum(tf.mul(p['w']!, tf.tensor1d([1, Math.random()]))));
    expect(message).toMatch(
      new RegExp(`made inside a traced step, at .*lazy\\.test\\.ts:${line}:\\d+; the graph would repeat`),
    );
  });

  test('a tensor that was made before', async () => {
    const old = tf.tensor1d([3, 4]);
    const line = here() + 1;
    const message = await failing(p => tf.sum(tf.mul(p['w']!, old)));
    expect(message).toMatch(new RegExp(`from outside was used in a traced step, at .*lazy\\.test\\.ts:${line}:`));
  });

  test('a look at a value', async () => {
    const line = here() + 1;
    const message = await failing(p => (tf.sum(p['w']!).dataSync()[0]! > 0 ? tf.scalar(1) : tf.scalar(2)));
    expect(message).toMatch(new RegExp(`was read on the host, at .*lazy\\.test\\.ts:${line}:`));
  });

  test('an operation without a lowering is named', async () => {
    expect(await failing(p => tf.sum(tf.unique(p['w']!).values))).toContain('kernel "Unique"');
  });
});
