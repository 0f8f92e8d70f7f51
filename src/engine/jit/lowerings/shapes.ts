import * as tf from '@tensorflow/tfjs-core';
import {EngineError} from '../../errors.ts';
import {type Dtype, sizeOf, type Value} from '../graph.ts';
import {axesOf, type Lowerings, required} from '../lowering.ts';
import {concat, expand, pad, slice, split} from './pieces.ts';

/** tfjs writes −1 for "what is left", in reshapes once and in slices per axis. */
const resolved = (shape: readonly number[], size: number): number[] => {
  const known = shape.reduce((product, dimension) => (dimension === -1 ? product : product * dimension), 1);
  return shape.map(dimension => (dimension === -1 ? size / known : dimension));
};

export const shapes: Lowerings = {
  Identity: (_, inputs) => required(inputs, 'x'),
  Reshape: (g, inputs, {shape}) => {
    const x = required(inputs, 'x');
    return g.reshape(x, resolved(shape as number[], sizeOf(x.shape)));
  },
  ExpandDims: (g, inputs, {dim}) => {
    const x = required(inputs, 'input');
    const at = (dim as number) < 0 ? (dim as number) + x.shape.length + 1 : (dim as number);
    if (at < 0) {
      throw new EngineError(
        `tf.expandDims: the axis must be in [-${x.shape.length + 1}, ${x.shape.length}], found ${dim as number}.`,
      );
    }
    return g.reshape(x, x.shape.toSpliced(at, 0, 1));
  },
  Transpose: (g, inputs, {perm}) => g.transpose(required(inputs, 'x'), perm as number[]),
  Fill: (g, _, {shape, value, dtype}) =>
    g.fill(shape as number[], Number(value), (dtype as Dtype | undefined) ?? 'float32'),
  ZerosLike: (g, inputs) => g.fill(required(inputs, 'x').shape, 0, required(inputs, 'x').dtype),
  OnesLike: (g, inputs) => g.fill(required(inputs, 'x').shape, 1, required(inputs, 'x').dtype),
  Range: (g, _, {start, stop, step, dtype}) => {
    const [from, to] = [start as number, stop as number];
    // tfjs counts down where only the ends say so.
    const by = to < from && step === 1 ? -1 : (step as number);
    const length = Math.max(0, Math.ceil((to - from) / by));
    const data = Array.from({length}, (__, at) => from + at * by);
    return dtype === 'int32'
      ? g.constant([length], 'int32', Int32Array.from(data))
      : g.constant([length], 'float32', Float32Array.from(data));
  },
  Tile: (g, inputs, {reps}) => {
    const x = required(inputs, 'x');
    const repeats = reps as number[];
    const shape = x.shape.map((dimension, axis) => dimension * repeats[axis]!);
    if (x.fill !== null || x.shape.every((dimension, axis) => dimension === 1 || repeats[axis] === 1)) {
      return expand(g, x, shape);
    }
    return g.node('Tile', [x, g.ints(repeats)], [shape, x.dtype]);
  },
  Slice: (g, inputs, {begin, size}) => {
    const x = required(inputs, 'x');
    const from = [begin as number | number[]].flat();
    const given = [size as number | number[]].flat();
    const starts = x.shape.map((_, axis) => from[axis] ?? 0);
    const sizes = x.shape.map((dimension, axis) => {
      const wanted = given[axis] ?? -1;
      return wanted === -1 ? dimension - starts[axis]! : wanted;
    });
    const asTensor = {shape: [...x.shape], rank: x.shape.length} as tf.Tensor;
    const parsed = tf.slice_util.parseSliceParams(asTensor, begin as number[], size as number[] | undefined);
    tf.slice_util.assertParamsValid(asTensor, ...(parsed as [number[], number[]]));
    return slice(g, x, starts, sizes);
  },
  SplitV: (g, inputs, {numOrSizeSplits, axis}) => {
    const x = required(inputs, 'x');
    const [at] = axesOf(axis, x.shape.length) as [number];
    const length = x.shape[at]!;
    if (typeof numOrSizeSplits === 'number') {
      return split(
        g,
        x,
        Array.from({length: numOrSizeSplits}, () => length / numOrSizeSplits),
        at,
      );
    }
    const sizes = tf.backend_util.prepareSplitSize({shape: [...x.shape]} as tf.Tensor, numOrSizeSplits as number[], at);
    return split(g, x, sizes, at);
  },
  Concat: (g, inputs, {axis}) => concat(g, Object.values(inputs), axis as number),
  Pack: (g, inputs, {axis}) => {
    const values = Object.values(inputs);
    for (const {shape, dtype} of values) {
      const [first] = values as [Value];
      tf.util.assertShapesMatch([...first.shape], [...shape], 'tf.stack: all tensors must have one shape.');
      tf.util.assert(dtype === first.dtype, () => 'tf.stack: all tensors must have one type.');
    }
    const at = (axis as number) < 0 ? (axis as number) + values[0]!.shape.length + 1 : (axis as number);
    return concat(
      g,
      values.map(value => g.reshape(value, value.shape.toSpliced(at, 0, 1))),
      at,
    );
  },
  Unpack: (g, inputs, {axis}) => {
    const value = required(inputs, 'value');
    const [at] = axesOf(axis, value.shape.length) as [number];
    const sizes = Array.from({length: value.shape[at]!}, () => 1);
    return split(g, value, sizes, at).map(part => g.reshape(part, value.shape.toSpliced(at, 1)));
  },
  PadV2: (g, inputs, {paddings, constantValue}) =>
    pad(g, required(inputs, 'x'), paddings as [number, number][], 'constant', constantValue as number),
  Reverse: (g, inputs, {dims}) => {
    const x = required(inputs, 'x');
    const axes = axesOf(tf.util.parseAxisParam(dims as number[], [...x.shape]), x.shape.length);
    const all = (value: number): Value => g.ints(axes.map(() => value));
    // "Down to before the first": ONNX clamps an end this far below zero.
    return g.node('Slice', [x, all(-1), all(-(2 ** 31)), g.ints(axes), all(-1)], [x.shape, x.dtype]);
  },
};
