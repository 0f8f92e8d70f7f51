import {createHash} from 'node:crypto';
import {mkdtempSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {emitModel} from '../../src/engine/jit/emit.ts';
import {GraphBuilder} from '../../src/engine/jit/graph.ts';
import {GraphFolder, TraceDigest} from '../../src/engine/jit/graph-folder.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import type {LossFunction} from '../../src/engine/types.ts';
import {encodeModel} from '../../src/io/onnx.ts';

const temporary = (): string => mkdtempSync(join(tmpdir(), 'graphs-'));
const batch = {x: {dtype: 'float32' as const, shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6)}};

/** Loss and gradient of one evaluation, and how often the loss function was called for it. */
const evaluate = async (
  graphs: string,
  loss: LossFunction,
): Promise<{loss: number; gradient: number[]; calls: number}> => {
  let calls = 0;
  const trainer = createTrainer({
    engine: await openEngine({backend: 'jit', threads: 1, graphs}),
    parameters: {w: {shape: [3, 2], data: Float32Array.of(0.1, -0.2, 0.3, 0.4, -0.5, 0.6)}},
    loss: (p, b, ctx) => {
      calls++;
      return loss(p, b, ctx);
    },
  });
  const {loss: value, gradients} = await trainer.gradients(batch);
  await trainer.close();
  return {loss: value, gradient: [...gradients['w']!.data], calls};
};

const scaled =
  (scale: number): LossFunction =>
  (p, b) =>
    tf.mean(tf.square(tf.mul(scale, tf.tanh(tf.matMul(b['x']!, p['w']!)))));

/** Forward always the same; the number is in the gradient alone. */
const reversed =
  (strength: number): LossFunction =>
  (p, b) => {
    const reverse = tf.customGrad(x => ({
      value: tf.clone(x as tf.Tensor),
      gradFunc: dy => tf.mul(dy, -strength),
    }));
    return tf.sum(reverse(tf.matMul(b['x']!, p['w']!)));
  };

test('a graph that was compiled before is read, with the same results', async () => {
  const folder = temporary();
  const first = await evaluate(folder, scaled(2));
  const again = await evaluate(folder, scaled(2));
  // Twice more at first, to see that it is a function of its inputs.
  expect([first.calls, again.calls]).toEqual([3, 1]);
  expect({...again, calls: 3}).toEqual(first);
  expect(readdirSync(folder)).toHaveLength(1);
});

test('a number that only the data, or only the gradient, has makes another graph', async () => {
  const folder = temporary();
  for (const [loss, expected] of [
    [scaled(2), await evaluate('', scaled(2))],
    [scaled(3), await evaluate('', scaled(3))],
    [reversed(1), await evaluate('', reversed(1))],
    [reversed(0.5), await evaluate('', reversed(0.5))],
  ] as const) {
    expect(await evaluate(folder, loss)).toEqual(expected);
  }
  expect(readdirSync(folder)).toHaveLength(4);
});

test('a damaged file, a shortened one and a folder that is none are as good as nothing', async () => {
  const folder = temporary();
  const first = await evaluate(folder, scaled(2));
  const file = join(folder, readdirSync(folder)[0]!);
  const whole = readFileSync(file);
  for (const bad of [whole.with(whole.length - 5, whole.at(-5)! ^ 1), whole.subarray(0, 100), whole.subarray(0, 7)]) {
    writeFileSync(file, bad);
    expect(await evaluate(folder, scaled(2))).toEqual(first);
    expect(readFileSync(file)).toEqual(whole);
  }
  expect(await evaluate(join(file, 'below'), scaled(2))).toEqual(first);
});

test('a loss that changes from call to call is refused, however often it is tried', async () => {
  const folder = temporary();
  for (let time = 0; time < 2; time++) {
    let count = 0;
    await expect(evaluate(folder, (p, b) => tf.mean(tf.mul(tf.matMul(b['x']!, p['w']!), ++count)))).rejects.toThrow(
      /differs from one call to the next/,
    );
  }
  expect(readdirSync(folder)).toEqual([]);
});

test('beyond a thousand graphs the longest unused go', () => {
  const folder = temporary();
  for (let at = 0; at < 1000; at++) writeFileSync(join(folder, `${at}.graph`), '');
  new GraphFolder(folder).write('new', {model: Uint8Array.of(1), need: {host: 1, inside: 2}});
  expect(readdirSync(folder).length).toBe(900);
  expect(new GraphFolder(folder).read('new')).toEqual({model: Uint8Array.of(1), need: {host: 1, inside: 2}});
});

test('the key tells apart what JSON does not', () => {
  const keyOf = (float: number): string => {
    const digest = new TraceDigest();
    const g = new GraphBuilder(digest.add);
    const x = g.input('x', [2], 'float32');
    return digest.close([{name: 'y', value: g.node('Op', [x], [[2], 'float32'], {attributes: {a: {float}}})}]);
  };
  expect(new Set([0, -0, Infinity, -Infinity, NaN].map(keyOf)).size).toBe(5);
});

test('the same trace gives the model that files of this format hold', () => {
  const digest = new TraceDigest();
  const g = new GraphBuilder(digest.add);
  const x = g.input('x', [2, 3], 'float32');
  const [a, b] = g.nodes('Split', [x, g.ints([1, 2])], [[[2, 1], 'float32'], [[2, 2], 'float32']], {attributes: {axis: 1}}) as [typeof x, typeof x]; // prettier-ignore
  const c = g.node('FusedMatMul', [a, b], [[1, 2], 'float32'], {domain: 'com.microsoft', attributes: {transA: 1, alpha: {float: 0.5}}}); // prettier-ignore
  const d = g.node('Add', [c, g.fill([20, 2], 3)], [[20, 2], 'float32']);
  const e = g.node('Mul', [d, g.constant([2], 'float32', Float32Array.of(1, 2))], [[20, 2], 'float32']);
  const outputs = [{name: 'y', value: e}, {name: 'again', value: e}]; // prettier-ignore
  const bytes = encodeModel(emitModel('step', outputs));
  // Whoever changes what is written must raise graphFormat in src/engine/jit/graph-folder.ts, and then these two hashes:
  // else graphs that are on disk would stay as they were. (From this code; there is nothing else to compare with.)
  expect(
    [digest.close(outputs), createHash('sha256').update(bytes).digest('hex')].map(hash => hash.slice(0, 16)),
  ).toEqual(['f2849fcaf0d82d58', '476c8d1e8b5d8445']);
});
