import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {backendName, recordingBackend} from '../../src/engine/jit/backend.ts';
import {furtherKernels} from '../../src/engine/jit/kernels.ts';
import {createRandom} from '../../src/math/random.ts';
import {furtherOperations, type Use} from './further-operations.ts';
import {relativeError} from './numbers.ts';
import {registerTfjsGradients} from './tfjs-gradients.ts';

type Dtype = 'float32' | 'int32' | 'bool';

interface Result {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: Float32Array;
}

const used = new Set<string>();

beforeAll(async () => {
  await registerTfjsGradients();
  recordingBackend();
  for (const kernelName of furtherKernels) {
    const kernel = tf.getKernel(kernelName, backendName);
    tf.unregisterKernel(kernelName, backendName);
    const kernelFunc: tf.KernelFunc = params => {
      used.add(kernelName);
      return kernel.kernelFunc(params);
    };
    tf.registerKernel({...kernel, kernelFunc});
  }
});

const numbers = ({range}: Use, dtype: Dtype, size: number, seed: string): Float32Array => {
  const random = createRandom(seed);
  return Float32Array.from({length: size}, () => {
    if (dtype === 'bool') return random.integer(2);
    // Zero is left out: tfjs divides whole numbers by it, through floats, with a result of its own.
    if (dtype === 'int32') return (random.integer(2) * 2 - 1) * (1 + random.integer(5));
    const x = random.normal();
    if (range === 'unit') return Math.tanh(x) * 0.9;
    if (range === undefined) return x;
    return Math.abs(x) + (range === 'above' ? 1.1 : 0.5);
  });
};

const inputsOf = (name: string, use: Use, dtype: Dtype): tf.Tensor[] =>
  use.shapes.map((shape, at) => {
    const data = numbers(use, dtype, tf.util.sizeFromShape([...shape]), `${name} ${at}`);
    return tf.tensor(data, [...shape], dtype);
  });

const read = async (tensor: tf.Tensor): Promise<Result> => {
  return {shape: tensor.shape, dtype: tensor.dtype, data: Float32Array.from(await tensor.data())};
};

const compute = async (backend: string, name: string, use: Use, dtype: Dtype, gradient: boolean): Promise<Result[]> => {
  await tf.setBackend(backend);
  const xs = inputsOf(name, use, dtype);
  const f = use.f as (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  const outputs = [f(...xs)].flat();
  if (gradient) {
    // Unequal weights, so that no gradient is uniform.
    const loss = (...tensors: tf.Tensor[]): tf.Tensor => {
      const y = [f(...tensors)].flat()[0]!;
      return tf.sum(tf.mul(tf.reshape(y, [-1]), tf.sin(tf.range(1, y.size + 1))));
    };
    // An input that the use leaves aside has no gradient.
    const gradients = tf.grads(loss)(xs) as (tf.Tensor | undefined)[];
    outputs.push(...gradients.filter(gradient => gradient !== undefined));
  }
  return Promise.all(outputs.map(read));
};

describe('on the jit, outside a step, equal to the tfjs cpu backend', () => {
  const cases = Object.entries(furtherOperations).flatMap(([name, use]) =>
    (use.dtypes ?? (['float32'] as const)).map(dtype => [name, dtype] as const),
  );
  test.each(cases)('%s of %s', async (name, dtype) => {
    const use = furtherOperations[name]!;
    const gradient = Boolean(use.gradient) && dtype === 'float32';
    const expected = await compute('cpu', name, use, dtype, gradient);
    const actual = await compute(backendName, name, use, dtype, gradient);
    expect(actual.map(({shape, dtype: type}) => ({shape, type}))).toEqual(
      expected.map(({shape, dtype: type}) => ({shape, type})),
    );
    expected.forEach(({data}, at) => {
      // What is no number has to be none on both sides.
      const [mine, theirs] = [actual[at]!.data, data].map(values => values.map(x => (Number.isFinite(x) ? x : 0)));
      expect(actual[at]!.data.map(x => Number(Number.isNaN(x)))).toEqual(data.map(x => Number(Number.isNaN(x))));
      expect(relativeError(mine!, theirs!)).toBeLessThanOrEqual(2e-5);
    });
  });

  // The cpu backend's own gradient mixes up the examples of a batch. Resizing is linear: f(x) = ⟨gradient, x⟩.
  test.each([
    [[3, 8], false],
    [[9, 2], true],
  ] as const)('the gradient of resizing to the nearest %s', async (size, alignCorners) => {
    await tf.setBackend(backendName);
    const x = inputsOf('nearest', {shapes: [[2, 5, 4, 3]], f: () => []}, 'float32')[0] as tf.Tensor4D;
    const loss = (images: tf.Tensor): tf.Scalar => {
      const y = tf.image.resizeNearestNeighbor(images as tf.Tensor4D, [...size], alignCorners);
      return tf.sum(tf.mul(tf.reshape(y, [-1]), tf.sin(tf.range(1, y.size + 1))));
    };
    const {value, grad} = tf.valueAndGrad(loss)(x);
    const again = await tf.sum(tf.mul(x, grad)).data();
    expect(again[0]).toBeCloseTo((await value.data())[0]!, 3);
  });

  test('every kernel beyond those of training was used by one of them', () => {
    expect(furtherKernels.filter(kernel => !used.has(kernel))).toEqual([]);
  });
});
