import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {emitModel} from '../../src/engine/jit/emit.ts';
import {GraphBuilder, type GraphNode} from '../../src/engine/jit/graph.ts';
import {isOutOfMemory, outOfMemory, peakBytes} from '../../src/engine/jit/memory-need.ts';
import {sharedTensor, openSession} from '../../src/engine/jit/session.ts';
import {encodeModel} from '../../src/io/onnx.ts';
import {createPredictor} from '../../src/engine/predictor.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {Batch, Engine, LossFunction} from '../../src/engine/types.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({backend: 'jit', threads: 1});
});

const zeros = (shape: readonly number[]): Batch[string] => {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  return {dtype: 'float32', shape, data: new Float32Array(size)};
};
const parameters = {w: {shape: [3], data: Float32Array.of(1, 2, 3)}};
const settings = {learningRate: 0.1, progress: 0};

/** What a step with this loss says. */
const messageOf = async (loss: LossFunction, batch: Batch): Promise<string> => {
  const trainer = createTrainer({engine, parameters, loss});
  return trainer.step(batch, settings).then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );
};

describe('shapes that do not fit are both named, with the axis and the line', () => {
  test('operands of an elementwise operation', async () => {
    const message = await messageOf((p, b) => tf.sum(tf.mul(tf.add(b['x']!, b['y']!), p['w']!)), {
      x: zeros([2, 4, 3]),
      y: zeros([5, 3]),
    });
    expect(message).toMatch(
      /^EngineError: Shapes \[2, 4, 3\] and \[5, 3\] do not fit, at .*bad-input\.test\.ts:\d+:\d+: counted from the end, axis -2 is 4 in the first and 5 in the second; they must be equal, or one of them 1\.$/,
    );
  });

  test('operands of a product', async () => {
    const loss: LossFunction = (p, b) => tf.sum(tf.mul(tf.matMul(b['x']!, b['y']!), p['w']!));
    const message = await messageOf(loss, {x: zeros([2, 4]), y: zeros([5, 3])});
    expect(message).toMatch(
      /^EngineError: A matrix product of \[2, 4\], whose axis -1 is 4, and \[5, 3\], whose axis -2 is 5, at .*bad-input\.test\.ts:\d+:\d+: these must be equal\.$/,
    );
  });
});

describe('memory', () => {
  const [rows, columns] = [2 ** 20, 2 ** 20];
  const batch = {x: zeros([rows, 1]), y: zeros([1, columns])};
  const table = (b: Readonly<Record<string, tf.Tensor>>): tf.Tensor => tf.exp(tf.add(b['x']!, b['y']!));

  test('a step that this machine can never hold is refused before it runs', async () => {
    const message = await messageOf((p, b) => tf.mul(tf.sum(table(b)), tf.sum(p['w']!)), batch);
    // The sum and its exponential, 2⁴² bytes each.
    expect(message).toMatch(
      /^EngineError: Out of memory: a step on x float32 \[1048576,1\]; y float32 \[1,1048576\] needs about 8192\.0 GiB \(8192\.0 GiB between its operations, .* for parameters, gradients, batch and masks\); this machine has \d+\.\d GiB\. Lower the number of rows/,
    );
    const predictor = createPredictor({engine, parameters, forward: (_, b) => tf.sum(table(b))});
    await expect(predictor.run(batch)).rejects.toThrow(/^Out of memory: a step on x float32/);
  });

  test('what ONNX Runtime says when the system refuses memory is known for that', async () => {
    const g = new GraphBuilder();
    // 2⁴⁸ bytes: more than a process can address.
    const shape = [2 ** 23, 2 ** 23];
    const huge = g.node('Expand', [g.input('x', [1], 'float32'), g.ints(shape)], [shape, 'float32']);
    const sum = g.node('ReduceSum', [huge, g.ints([0, 1])], [[1, 1], 'float32']);
    const session = await openSession(encodeModel(emitModel('huge', [{name: 'y', value: sum}])), 1);
    const error = await session.run({x: sharedTensor('float32', [1])}, {y: sharedTensor('float32', [1, 1])}).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(isOutOfMemory(error), String(error)).toBe(true);
    expect(isOutOfMemory(new Error('Invalid feed'))).toBe(false);
    expect(outOfMemory({host: 2 ** 20, inside: 3 * 2 ** 30}, 'ids', 'the system gave less').message).toContain(
      'a step on ids needs about 3.0 GiB (3.0 GiB between its operations, 0.00098 GiB for parameters',
    );
    await session.close();
  });

  test('the peak counts what is alive at a time, and reshapes as what they are made of', () => {
    const g = new GraphBuilder();
    const order: GraphNode[] = [];
    const x = g.input('x', [1000], 'float32');
    const a = g.node('Exp', [x], [[1000], 'float32']);
    const flat = g.reshape(a, [10, 100]);
    const b = g.node('Neg', [flat], [[10, 100], 'float32']);
    const c = g.node('Neg', [b], [[10, 100], 'float32']);
    const d = g.node('Add', [c, flat], [[10, 100], 'float32']);
    const sum = g.node('ReduceSum', [d, g.ints([0, 1])], [[1, 1], 'float32']);
    emitModel('peak', [{name: 'y', value: sum}], node => order.push(node));
    // At most three at a time: `a` lives until d; b and c, then c and d.
    expect(peakBytes(order, [sum])).toBe(3 * 4000);
  });
});
