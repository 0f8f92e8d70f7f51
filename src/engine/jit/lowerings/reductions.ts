import {type GraphBuilder, sizeOf, type Value} from '../graph.ts';
import {axesOf, type Lowering, type Lowerings, required} from '../lowering.ts';
import {cast} from './elementwise.ts';

/** What a reduction of a uniform tensor over `count` entries gives. */
const folds: Readonly<Record<string, (fill: number, count: number) => number>> = {
  ReduceSum: (fill, count) => fill * count,
  ReduceMean: fill => fill,
  ReduceMax: fill => fill,
  ReduceMin: fill => fill,
};

const reduce = (g: GraphBuilder, op: string, x: Value, axes: readonly number[], keepDims: boolean): Value => {
  const shape = x.shape.flatMap((dimension, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [dimension]));
  if (axes.every(axis => x.shape[axis] === 1)) return g.reshape(x, shape);
  const fold = folds[op];
  if (x.fill !== null && fold && x.dtype === 'float32') {
    return g.fill(shape, Math.fround(fold(x.fill, sizeOf(axes.map(axis => x.shape[axis]!)))));
  }
  return g.node(op, [x, g.ints(axes)], [shape, x.dtype], {attributes: {keepdims: keepDims ? 1 : 0}});
};

const reduction =
  (op: string): Lowering =>
  (g, inputs, {axis, reductionIndices, keepDims}) => {
    const x = required(inputs, 'x');
    // Trap: Max and Min call their axes `reductionIndices`, Sum, Mean and Prod call them `axis`.
    return reduce(g, op, x, axesOf(axis ?? reductionIndices, x.shape.length), Boolean(keepDims));
  };

/** TensorFlow.js passes over entries that are no numbers; ONNX Runtime may find one the largest. */
const comparable = (g: GraphBuilder, op: string, x: Value): Value => {
  if (x.dtype !== 'float32') return cast(g, x, 'int32');
  const never = g.fill([], op === 'ArgMax' ? -Infinity : Infinity);
  return g.node('Where', [g.node('IsNaN', [x], [x.shape, 'bool']), never, x], [x.shape, 'float32']);
};

const argument =
  (op: string): Lowering =>
  (g, inputs, {axis}) => {
    const x = required(inputs, 'x');
    const [at] = axesOf(axis, x.shape.length) as [number];
    const found = g.node(op, [comparable(g, op, x)], [x.shape.toSpliced(at, 1), 'int64'], {
      attributes: {axis: at, keepdims: 0},
    });
    return cast(g, found, 'int32');
  };

const logical =
  (op: string): Lowering =>
  (g, inputs, {axis, keepDims}) => {
    const x = cast(g, required(inputs, 'x'), 'int32');
    return cast(g, reduce(g, op, x, axesOf(axis, x.shape.length), Boolean(keepDims)), 'bool');
  };

export const reductions: Lowerings = {
  Sum: reduction('ReduceSum'),
  Mean: (g, inputs, attributes) =>
    reduction('ReduceMean')(g, {x: cast(g, required(inputs, 'x'), 'float32')}, attributes),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
  All: logical('ReduceMin'),
  Any: logical('ReduceMax'),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  Softmax: (g, inputs) => {
    const logits = required(inputs, 'logits');
    return g.node('Softmax', [logits], [logits.shape, logits.dtype], {attributes: {axis: -1}});
  },
  Cumsum: (g, inputs, {axis, exclusive, reverse}) => {
    const x = required(inputs, 'x');
    const [at] = axesOf(axis, x.shape.length) as [number];
    const attributes = {exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0};
    return g.node('CumSum', [x, g.fill([], at, 'int32')], [x.shape, x.dtype], {attributes});
  },
};
