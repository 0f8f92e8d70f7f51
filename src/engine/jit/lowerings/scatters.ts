import {EngineError} from '../../errors.ts';
import {type GraphBuilder, sizeOf, type Value} from '../graph.ts';
import {type Lowering, type Lowerings, required} from '../lowering.ts';
import {binary, cast} from './elementwise.ts';
import {expand} from './pieces.ts';

/** Rows of `updates` at `indices` [..., depth] of `base`; where an index occurs twice they add up or the last one stays. */
const scatter = (g: GraphBuilder, base: Value, indices: Value, updates: Value, reduction: 'add' | 'none'): Value => {
  const depth = indices.shape.at(-1)!;
  const rows = [...indices.shape.slice(0, -1), ...base.shape.slice(depth)];
  const operands = [base, cast(g, indices, 'int64'), g.reshape(updates, rows)];
  return g.node('ScatterND', operands, [base.shape, base.dtype], {attributes: {reduction}});
};

/** How many axes an index names: a plain list of indices names places along the first. */
const depthOf = (indices: Value): number => (indices.shape.length > 1 ? indices.shape.at(-1)! : 1);

/** Indices as [count, depth]: TensorFlow.js also takes a single index and a list of indices into the first axis. */
const asRows = (g: GraphBuilder, indices: Value, depth: number): Value =>
  g.reshape(indices, [sizeOf(indices.shape) / depth, depth]);

/** How often each number below `size` occurs, with weights or counted once. */
const bincount = (g: GraphBuilder, x: Value, weights: Value, size: number, binary_: boolean): Value => {
  const [rows, length] = x.shape as [number, number];
  const dtype = sizeOf(weights.shape) > 0 ? weights.dtype : 'int32';
  if (length === 0 || size === 0) return g.fill([rows, size], 0, dtype);
  const counts = g.constant(
    [size],
    'int32',
    Int32Array.from({length: size}, (_, at) => at),
  );
  const hit = binary(g, 'Equal', g.reshape(x, [rows, length, 1]), g.reshape(counts, [1, 1, size]), 'bool');
  let each = cast(g, hit, 'float32');
  if (sizeOf(weights.shape) > 0 && !binary_) {
    each = binary(g, 'Mul', each, g.reshape(cast(g, weights, 'float32'), [rows, length, 1]));
  }
  const op = binary_ ? 'ReduceMax' : 'ReduceSum';
  return cast(g, g.node(op, [each, g.ints([1])], [[rows, size], 'float32'], {attributes: {keepdims: 0}}), dtype);
};

/** For each value the number of entries of its sorted row that are below it (left), or not above it (right). */
const searchSorted: Lowering = (g, inputs, {side}) => {
  const [sorted, values] = [required(inputs, 'sortedSequence'), required(inputs, 'values')];
  const [rows, length] = sorted.shape as [number, number];
  const count = values.shape[1]!;
  const op = side === 'left' ? 'Less' : 'LessOrEqual';
  const below = binary(g, op, g.reshape(sorted, [rows, 1, length]), g.reshape(values, [rows, count, 1]), 'bool');
  return g.node('ReduceSum', [cast(g, below, 'int32'), g.ints([2])], [values.shape, 'int32'], {attributes: {keepdims: 0}}); // prettier-ignore
};

export const scatters: Lowerings = {
  ScatterNd: (g, inputs, {shape}) => {
    const [indices, updates] = [required(inputs, 'indices'), required(inputs, 'updates')];
    const wanted = shape as number[];
    if (sizeOf(wanted) === 0) return g.fill(wanted, 0, updates.dtype);
    const depth = depthOf(indices);
    return scatter(g, g.fill(wanted, 0, updates.dtype), asRows(g, indices, depth), updates, 'add');
  },
  TensorScatterUpdate: (g, inputs) => {
    const [tensor, indices, updates] = [required(inputs, 'tensor'), required(inputs, 'indices'), required(inputs, 'updates')]; // prettier-ignore
    const depth = depthOf(indices);
    return scatter(g, tensor, asRows(g, indices, depth), updates, 'none');
  },
  SparseToDense: (g, inputs, {outputShape}) => {
    const [indices, values] = [required(inputs, 'sparseIndices'), required(inputs, 'sparseValues')];
    const fallback = inputs['defaultValue'] ?? g.fill([], 0, values.dtype);
    const shape = outputShape as number[];
    const rows = asRows(g, indices, indices.shape.length < 2 ? 1 : indices.shape[1]!);
    const updates = expand(g, values, [rows.shape[0]!]);
    return scatter(g, expand(g, fallback, shape), rows, updates, 'none');
  },
  TopK: (g, inputs, {k}) => {
    const x = required(inputs, 'x');
    const count = k as number;
    const shape = [...x.shape.slice(0, -1), count];
    if (sizeOf(shape) === 0) return [g.fill(shape, 0, x.dtype), g.fill(shape, 0, 'int32')];
    const specs = [[shape, x.dtype], [shape, 'int64']] as const; // prettier-ignore
    // Sorted also where that is not asked for: TensorFlow.js's own tests count on it.
    const attributes = {axis: -1, sorted: 1};
    const [values, places] = g.nodes('TopK', [x, g.ints([count])], specs, {attributes}) as unknown as [Value, Value];
    return [values, cast(g, places, 'int32')];
  },
  DenseBincount: (g, inputs, {size, binaryOutput}) => {
    const [x, weights] = [required(inputs, 'x'), required(inputs, 'weights')];
    const flat = x.shape.length === 1;
    const rows = flat ? g.reshape(x, [1, x.shape[0]!]) : x;
    const result = bincount(g, rows, weights, size as number, Boolean(binaryOutput));
    return flat ? g.reshape(result, [size as number]) : result;
  },
  Bincount: (g, inputs, {size}) => {
    const [x, weights] = [required(inputs, 'x'), required(inputs, 'weights')];
    return g.reshape(bincount(g, g.reshape(x, [1, sizeOf(x.shape)]), weights, size as number, false), [size as number]);
  },
  SearchSorted: searchSorted,
  BroadcastArgs: (g, inputs) => {
    const [a, b] = [required(inputs, 's0'), required(inputs, 's1')];
    const rank = Math.max(sizeOf(a.shape), sizeOf(b.shape));
    const padded = (x: Value): Value => {
      const missing = rank - sizeOf(x.shape);
      if (missing === 0) return x;
      return g.node('Concat', [g.fill([missing], 1, x.dtype), x], [[rank], x.dtype], {attributes: {axis: 0}});
    };
    if (a.shape.length !== 1 || b.shape.length !== 1)
      throw new EngineError('broadcastArgs() takes two lists of lengths.');
    const [left, right] = [padded(a), padded(b)];
    const one = binary(g, 'Equal', left, g.fill([], 1, left.dtype), 'bool');
    return g.node('Where', [one, right, left], [[rank], left.dtype]);
  },
};
