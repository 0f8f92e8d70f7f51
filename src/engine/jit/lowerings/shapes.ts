import * as tf from '@tensorflow/tfjs-core';
import {type Dtype, type GraphBuilder, sameShape, sizeOf, type Value} from '../graph.ts';
import {EngineError} from '../../errors.ts';
import {axesOf, type Lowerings, required} from '../lowering.ts';

const concat = (g: GraphBuilder, values: readonly Value[], axis: number): Value => {
  const parts = values.filter(value => sizeOf(value.shape) > 0);
  const first = parts[0] ?? values[0]!;
  const at = axis < 0 ? axis + first.shape.length : axis;
  // tfjs leaves to its backends to see whether the shapes fit.
  const [given] = values;
  const all = values.map(value => [...value.shape]);
  if (given!.shape.length > 0) tf.backend_util.assertParamsConsistent(all, at);
  if (parts.length === 0) return g.fill(tf.backend_util.computeOutShape(all, at), 0, first.dtype);
  if (parts.length === 1) return first;
  const shape = first.shape.with(
    at,
    parts.reduce((sum, part) => sum + part.shape[at]!, 0),
  );
  const uniform = first.fill;
  if (uniform !== null && parts.every(part => part.fill === uniform)) return g.fill(shape, uniform, first.dtype);
  return g.node('Concat', parts, [shape, first.dtype], {attributes: {axis: at}});
};

const split = (g: GraphBuilder, x: Value, sizes: readonly number[], axis: number): readonly Value[] => {
  const shapes = sizes.map(size => x.shape.with(axis, size));
  const {fill} = x;
  if (fill !== null) return shapes.map(shape => g.fill(shape, fill, x.dtype));
  if (sizes.length === 1) return [x];
  return g.nodes(
    'Split',
    [x, g.ints(sizes)],
    shapes.map(shape => [shape, x.dtype] as const),
    {attributes: {axis}},
  );
};

export const expand = (g: GraphBuilder, x: Value, shape: readonly number[]): Value => {
  if (sameShape(x.shape, shape)) return x;
  return x.fill === null ? g.node('Expand', [x, g.ints(shape)], [shape, x.dtype]) : g.fill(shape, x.fill, x.dtype);
};

export const slice = (g: GraphBuilder, x: Value, begin: readonly number[], size: readonly number[]): Value => {
  if (sameShape(size, x.shape)) return x;
  if (x.fill !== null) return g.fill(size, x.fill, x.dtype);
  const axes = x.shape.flatMap((dimension, axis) => (size[axis] === dimension ? [] : [axis]));
  const starts = axes.map(axis => begin[axis]!);
  const ends = axes.map(axis => begin[axis]! + size[axis]!);
  return g.node('Slice', [x, g.ints(starts), g.ints(ends), g.ints(axes)], [size, x.dtype]);
};

/** `mode` as ONNX calls it, or tfjs's `symmetric`: the mirror stands behind the last entry, not on it. */
export const pad = (
  g: GraphBuilder,
  x: Value,
  widths: readonly (readonly [number, number])[],
  mode: string,
  constant = 0,
): Value => {
  const shape = x.shape.map((dimension, axis) => dimension + widths[axis]![0] + widths[axis]![1]);
  if (mode === 'symmetric') {
    return widths.reduce((padded, [before, after], axis) => mirrored(g, padded, axis, before, after), x);
  }
  const sizes = g.ints([...widths.map(width => width[0]), ...widths.map(width => width[1])]);
  // `constant` is ONNX's default, and unwritten.
  const options = mode === 'constant' ? {} : {attributes: {mode}};
  return g.node('Pad', [x, sizes, g.fill([], constant, x.dtype)], [shape, x.dtype], options);
};

const mirrored = (g: GraphBuilder, x: Value, axis: number, before: number, after: number): Value => {
  const length = x.shape[axis]!;
  const places = Array.from({length: before + length + after}, (_, at) => {
    const from = at - before;
    return from < 0 ? -1 - from : from < length ? from : 2 * length - 1 - from;
  });
  if (before + after === 0) return x;
  const spec = [x.shape.with(axis, places.length), x.dtype] as const;
  return g.node('Gather', [x, g.ints(places)], spec, {attributes: {axis}});
};

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
