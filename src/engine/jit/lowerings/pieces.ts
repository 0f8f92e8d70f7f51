import * as tf from '@tensorflow/tfjs-core';
import {type GraphBuilder, sameShape, sizeOf, type Value} from '../graph.ts';

/** Joining, cutting, repeating and padding: what other lowerings are built with too. Uniform tensors stay uniform. */

/** Joined along `axis`; parts without numbers are left out. */
export const concat = (g: GraphBuilder, values: readonly Value[], axis: number): Value => {
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

export const split = (g: GraphBuilder, x: Value, sizes: readonly number[], axis: number): readonly Value[] => {
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
