import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {openEngine} from '../../src/engine/engine.ts';
import {gradients, registerGradients} from '../../src/engine/gradients.ts';
import {recordingBackend} from '../../src/engine/jit/backend.ts';
import {loweredKernels} from '../../src/engine/jit/kernels.ts';
import {createTrainer} from '../../src/engine/trainer.ts';
import {createPredictor} from '../../src/engine/predictor.ts';
import type {Engine, ForwardFunction, Parameters} from '../../src/engine/types.ts';
import {normals, relativeError, worstError} from './numbers.ts';
import {operations} from './operations.ts';
import {registerTfjsGradients} from './tfjs-gradients.ts';

type Result = {loss: number; gradients: Parameters};

const parametersOf = (name: string): Parameters => {
  const {shapes, positive} = operations[name]!;
  return Object.fromEntries(
    shapes.map((shape, at) => {
      const tensor = normals(shape, `${name} ${at}`);
      const data = positive ? tensor.data.map(x => Math.abs(x) + 0.5) : tensor.data;
      return [`x${at}`, {shape, data}];
    }),
  );
};

/** Loss: the outputs with unequal weights, so that no gradient is uniform. */
const run = async (name: string, engine: Engine, parameters = parametersOf(name)): Promise<Result> => {
  const trainer = createTrainer({
    engine,
    parameters,
    loss: p => {
      const y = operations[name]!.f(...Object.values(p));
      return tf.sum(tf.mul(tf.reshape(y, [-1]), tf.sin(tf.range(1, y.size + 1))));
    },
  });
  const result = await trainer.gradients({});
  await trainer.close();
  return result;
};

const known = Object.keys(operations).filter(name => !operations[name]!.beyondTfjs);
const expected = new Map<string, Result>();
const used = new Set<string>();

beforeAll(async () => {
  // The oracle: tfjs's cpu backend with tfjs's own gradients; ours fill in where it has none (comparisons, which are flat).
  await registerTfjsGradients();
  const cpu = await openEngine({backend: 'cpu', threads: 1});
  for (const name of known) expected.set(name, await run(name, cpu));
  for (const kernel of Object.keys(gradients)) tf.unregisterGradient(kernel);
  registerGradients();
  recordingBackend();
  for (const kernelName of loweredKernels) {
    const kernel = tf.getKernel(kernelName, 'distill-jit');
    tf.unregisterKernel(kernelName, 'distill-jit');
    const kernelFunc: tf.KernelFunc = params => {
      used.add(kernelName);
      return kernel.kernelFunc(params);
    };
    tf.registerKernel({...kernel, kernelFunc});
  }
});

describe('loss and gradients equal those of the tfjs cpu backend with tfjs gradients', () => {
  test.each(known)('%s', async name => {
    const actual = await run(name, await openEngine({backend: 'jit', threads: 1}));
    const {loss, gradients: wanted} = expected.get(name)!;
    expect(Math.abs(actual.loss - loss)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(loss)));
    expect(worstError(actual.gradients, wanted)).toBeLessThanOrEqual(1e-5);
  });

  test('forward, for what is used without a gradient alone', async () => {
    const parameters = {a: normals([3, 4], 'a'), b: normals([4, 2], 'b'), bias: normals([2], 'bias')};
    const forward: ForwardFunction = ({a, b, bias}) => {
      const indices = tf.cast(tf.tile(tf.reshape(tf.range(0, 3), [3, 1]), [1, 2]), 'int32');
      const activations = (['linear', 'relu', 'sigmoid', 'elu'] as const).map(activation =>
        tf.fused.matMul({a: a as tf.Tensor2D, b: b as tf.Tensor2D, bias: bias!, activation}),
      );
      return [tf.prod(a!, 1), tf.gatherND(a!, indices), ...activations];
    };
    const results = ['jit', 'cpu'] as const;
    const [jit, cpu] = await Promise.all(
      results.map(async backend =>
        createPredictor({engine: await openEngine({backend, threads: 1}), parameters, forward}).run({}),
      ),
    );
    cpu!.forEach((wanted, at) => expect(relativeError(jit![at]!, wanted)).toBeLessThanOrEqual(1e-5));
  });

  test('every lowered kernel was used by one of them', () => {
    expect(loweredKernels.filter(kernel => !used.has(kernel))).toEqual([]);
  });
});

describe('gradients equal finite differences', () => {
  // Round, floor and the like jump; their cases are left to the comparison above.
  const smooth = Object.keys(operations).filter(
    name => !['steps', 'round', 'argMax', 'anyAll', 'comparisons'].includes(name),
  );
  test.each(smooth)('%s', async name => {
    const engine = await openEngine({backend: 'jit', threads: 1});
    const parameters = parametersOf(name);
    const {gradients: actual} = await run(name, engine);
    const step = 1e-2;
    // Along the gradient itself, where the difference is largest against float32's rounding.
    const length = Math.sqrt(
      Object.values(actual).reduce((sum, {data}) => sum + data.reduce((s, g) => s + g * g, 0), 0),
    );
    const moved = (sign: number): Parameters =>
      Object.fromEntries(
        Object.entries(parameters).map(([key, {shape, data}]) => [
          key,
          {shape, data: data.map((x, at) => x + (sign * step * (actual[key]?.data[at] ?? 0)) / length)},
        ]),
      );
    const [up, down] = [await run(name, engine, moved(1)), await run(name, engine, moved(-1))];
    expect(Math.abs((up.loss - down.loss) / (2 * step) / length - 1)).toBeLessThan(0.02);
  });
});
