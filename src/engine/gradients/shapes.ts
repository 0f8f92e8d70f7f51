import * as tf from '@tensorflow/tfjs-core';
import {first, type Gradient, ofOne} from './define.ts';

/** Kernels that move numbers without changing them. */
export const shapes: Readonly<Record<string, Gradient>> = {
  Identity: {gradFunc: dy => ({x: () => tf.cast(first(dy), 'float32')})},
  Cast: {gradFunc: dy => ({x: () => first(dy)})},
  Reshape: ofOne('input', (dy, x) => tf.reshape(dy, x.shape)),
  ExpandDims: ofOne('input', (dy, x) => tf.reshape(dy, x.shape), 'input'),
  Transpose: {
    gradFunc: (dy, _, {perm}) => ({x: () => tf.transpose(first(dy), inverse(perm as number[]))}),
  },
  Reverse: {gradFunc: (dy, _, {dims}) => ({x: () => tf.reverse(first(dy), dims as number[])})},
  Slice: {
    inputsToSave: ['x'],
    gradFunc: (dy, saved, {begin, size}) => {
      const {shape} = saved[0]!;
      const [from, length] = tf.slice_util.parseSliceParams(saved[0]!, begin as number[], size as number[]) as [
        number[],
        number[],
      ];
      const paddings = shape.map((dimension, at): [number, number] => [from[at]!, dimension - from[at]! - length[at]!]);
      return {x: () => tf.pad(first(dy), paddings)};
    },
  },
  PadV2: {
    inputsToSave: ['x'],
    gradFunc: (dy, saved, {paddings}) => ({
      x: () => tf.slice(first(dy), (paddings as [number, number][]).map(pair => pair[0]), saved[0]!.shape), // prettier-ignore
    }),
  },
  Concat: {
    saveAllInputs: true,
    gradFunc: (dy, saved, {axis}) => {
      const at = tf.util.parseAxisParam(axis as number, saved[0]!.shape)[0]!;
      const parts = tf.split(first(dy), saved.map(x => x.shape[at]!), at); // prettier-ignore
      return Object.fromEntries(parts.map((part, index) => [String(index), () => part]));
    },
  },
  SplitV: {gradFunc: (dy, _, {axis}) => ({x: () => tf.concat(dy as tf.Tensor[], axis as number)})},
  Pack: {
    saveAllInputs: true,
    gradFunc: (dy, _, {axis}) =>
      Object.fromEntries(tf.unstack(first(dy), axis as number).map((part, at) => [String(at), () => part])),
  },
  Unpack: {gradFunc: (dy, _, {axis}) => ({value: () => tf.stack(dy as tf.Tensor[], axis as number)})},
  Tile: {
    inputsToSave: ['x'],
    gradFunc: (dy, saved, {reps}) => {
      const {shape} = saved[0]!;
      // [2·3] from 3 repeated twice is [2, 3] summed over the first axis, for each axis.
      const apart = shape.flatMap((dimension, at) => [(reps as number[])[at]!, dimension]);
      const copies = shape.map((_, at) => 2 * at);
      return {x: () => tf.sum(tf.reshape(first(dy), apart), copies)};
    },
  },
};

const inverse = (permutation: readonly number[]): number[] => {
  const back: number[] = [];
  permutation.forEach((axis, at) => (back[axis] = at));
  return back;
};
