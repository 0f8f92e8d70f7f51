import {readFileSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import {lstmStates} from '../../src/models/lstm.ts';
import {relativeError} from './numbers.ts';

const read = (name: string): Record<string, never> =>
  JSON.parse(readFileSync(new URL(`../expected/${name}.json`, import.meta.url), 'utf8')) as Record<string, never>;

/** Torch stacks the gates i, f, g, o as rows of [4·hidden, inputs]; ours are columns, in the order i, o, f, g. */
const ourGate = [0, 3, 1, 2];

test('LSTM states and gradients are those of torch.nn.LSTM on sentences of different lengths', async () => {
  const expected = read('lstm-torch') as unknown as Record<string, number[]>;
  const {tokens, batch, dim, hidden} = expected as unknown as Record<string, number> as {tokens: number; batch: number; dim: number; hidden: number}; // prettier-ignore
  const lengths = expected['lengths']!;
  const suffixes = ['', '_reverse'];
  const columns = (prefix: string, name: string, inputs: number): Float32Array => {
    const out = new Float32Array(2 * inputs * 4 * hidden);
    suffixes.forEach((suffix, direction) => {
      const source = expected[`${prefix}${name}${suffix}`]!;
      for (let gate = 0; gate < 4; gate++) {
        for (let unit = 0; unit < hidden; unit++) {
          for (let input = 0; input < inputs; input++) {
            const to = (direction * inputs + input) * 4 * hidden + gate * hidden + unit;
            out[to] = source[(ourGate[gate]! * hidden + unit) * inputs + input]!;
          }
        }
      }
    });
    return out;
  };
  /** [token, batch, ·] as torch has it → [direction, token, batch, dim], sentences reversed on their own for direction 1. */
  const bothWays = (source: number[], width: number, pick: (direction: number) => number): Float32Array => {
    const out = new Float32Array(2 * tokens * batch * width);
    const total = source.length / (tokens * batch);
    for (let direction = 0; direction < 2; direction++) {
      for (let row = 0; row < batch; row++) {
        for (let token = 0; token < lengths[row]!; token++) {
          const from = direction === 0 ? token : lengths[row]! - 1 - token;
          for (let column = 0; column < width; column++) {
            const to = ((direction * tokens + token) * batch + row) * width + column;
            out[to] = source[(from * batch + row) * total + pick(direction) + column]!;
          }
        }
      }
    }
    return out;
  };
  const halves = (direction: number): number => direction * hidden;
  const summed = (prefix: string): Float32Array => {
    const [a, b] = [columns(prefix, 'bias_ih_l0', 1), columns(prefix, 'bias_hh_l0', 1)];
    return prefix ? a : a.map((value, at) => value + b[at]!);
  };
  const parameters = {
    x: {shape: [2, tokens, batch, dim], data: bothWays(expected['x']!, dim, () => 0)},
    kernel: {shape: [2, dim, 4 * hidden], data: columns('', 'weight_ih_l0', dim)},
    recurrent: {shape: [2, hidden, 4 * hidden], data: columns('', 'weight_hh_l0', hidden)},
    bias: {shape: [2, 4 * hidden], data: summed('')},
  };
  const stateShape = [2, tokens, batch, hidden];
  const outputWeights = {
    dtype: 'float32' as const,
    shape: stateShape,
    data: bothWays(expected['outputWeights']!, hidden, halves),
  };
  const states = {dtype: 'float32' as const, shape: stateShape, data: bothWays(expected['states']!, hidden, halves)};
  const trainer = createTrainer({
    engine: await openEngine({backend: 'jit', threads: 1}),
    parameters,
    loss: (p, b, ctx) => {
      const weights = {
        kernel: p['kernel'] as tf.Tensor3D,
        recurrent: p['recurrent'] as tf.Tensor3D,
        bias: p['bias'] as tf.Tensor2D,
      };
      const actual = lstmStates(p['x'] as tf.Tensor4D, weights, ctx);
      return tf.sum(tf.mul(actual, b['outputWeights']!));
    },
  });
  const {gradients, loss} = await trainer.gradients({outputWeights});
  const total = states.data.reduce((sum, state, at) => sum + state * outputWeights.data[at]!, 0);
  expect(Math.abs(loss - total)).toBeLessThanOrEqual(1e-5);
  expect(relativeError(gradients['kernel']!.data, columns('d_', 'weight_ih_l0', dim))).toBeLessThanOrEqual(1e-5);
  expect(relativeError(gradients['recurrent']!.data, columns('d_', 'weight_hh_l0', hidden))).toBeLessThanOrEqual(1e-5);
  expect(relativeError(gradients['bias']!.data, summed('d_'))).toBeLessThanOrEqual(1e-5);
  // Torch's dx is the sum over directions; ours has one for each.
  const dx = gradients['x']!.data;
  const added = new Float32Array(tokens * batch * dim);
  for (let row = 0; row < batch; row++) {
    for (let token = 0; token < lengths[row]!; token++) {
      for (let column = 0; column < dim; column++) {
        const forward = (token * batch + row) * dim + column;
        const backward = ((tokens + lengths[row]! - 1 - token) * batch + row) * dim + column;
        added[forward] = dx[forward]! + dx[backward]!;
      }
    }
  }
  expect(relativeError(added, expected['dx']!)).toBeLessThanOrEqual(1e-5);
});

test('twelve AdamW steps with clipping and a decaying rate are torch.optim.AdamW', async () => {
  const {start, x, losses, a, b} = read('adamw-torch') as unknown as {
    start: {a: number[]; b: number[]}; x: number[]; losses: number[]; a: number[]; b: number[];
  }; // prettier-ignore
  const trainer = createTrainer({
    engine: await openEngine({backend: 'jit', threads: 1}),
    parameters: {
      a: {shape: [2, 3], data: Float32Array.from(start.a)},
      b: {shape: [3], data: Float32Array.from(start.b)},
    },
    optimizer: {beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1, clipNorm: 0.7},
    loss: (p, batch) => {
      const fit = tf.mean(tf.square(tf.add(tf.matMul(batch['x']!, p['a']!), p['b']!)));
      return tf.add(fit, tf.mul(tf.sum(tf.pow(p['a']!, 3)), 0.1));
    },
  });
  const batch = {x: {dtype: 'float32' as const, shape: [4, 2], data: Float32Array.from(x)}};
  for (const [step, loss] of losses.entries()) {
    const ours = await trainer.step(batch, {learningRate: 0.05 * (1 - step / 20), progress: 0});
    expect(Math.abs(ours - loss), `step ${step}`).toBeLessThanOrEqual(1e-5 * Math.abs(loss));
  }
  expect(relativeError(trainer.parameters()['a']!.data, a)).toBeLessThanOrEqual(1e-5);
  expect(relativeError(trainer.parameters()['b']!.data, b)).toBeLessThanOrEqual(1e-5);
});
