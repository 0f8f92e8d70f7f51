import {createRandom} from '../../src/math/random.ts';
import type {HostTensor, Parameters} from '../../src/engine/types.ts';

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dimension) => size * dimension, 1);

export const normals = (shape: readonly number[], seed: string, scale = 1): HostTensor => {
  const random = createRandom(seed);
  return {shape, data: Float32Array.from({length: sizeOf(shape)}, () => scale * random.normal())};
};

/** Largest difference, as a share of the largest expected magnitude. */
export const relativeError = (actual: Float32Array, expected: ArrayLike<number>): number => {
  if (actual.length !== expected.length) return Infinity;
  let [difference, largest] = [0, 1e-12];
  for (let at = 0; at < actual.length; at++) {
    const error = Math.abs(actual[at]! - expected[at]!);
    if (!(error <= difference)) difference = error;
    largest = Math.max(largest, Math.abs(expected[at]!));
  }
  return difference / largest;
};

/** The worst of `relativeError` over all tensors; a tensor that one side lacks is infinitely wrong. */
export const worstError = (actual: Parameters, expected: Parameters): number =>
  Math.max(
    ...[...new Set([...Object.keys(actual), ...Object.keys(expected)])].map(name =>
      actual[name] && expected[name] ? relativeError(actual[name].data, expected[name].data) : Infinity,
    ),
  );
