import * as tf from '@tensorflow/tfjs-core';
import {type GraphBuilder, type Value} from '../graph.ts';
import {axesOf, type Lowerings, required} from '../lowering.ts';
import {binary, cast} from './elementwise.ts';
import {pad, slice} from './pieces.ts';

export const contractions: Lowerings = {
  Einsum: (g, inputs, {equation}) => {
    const operands = Object.values(inputs);
    // TensorFlow.js's own check of the formula, so that its errors are the ones that are documented.
    const {allDims, summedDims, idDims} = tf.backend_util.decodeEinsumEquation(equation as string, operands.length);
    tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, operands as unknown as tf.Tensor[]);
    const sizes = new Map<number, number>();
    idDims.forEach((dimensions, at) =>
      dimensions.forEach((dimension, axis) => sizes.set(dimension, operands[at]!.shape[axis]!)),
    );
    const shape = allDims.slice(0, allDims.length - summedDims.length).map((_, at) => sizes.get(at)!);
    const written = (equation as string).replace(/\s/g, '');
    return g.node('Einsum', operands, [shape, operands[0]!.dtype], {attributes: {equation: written}});
  },
  /** Doubling: after step s each entry is the product of the 2s entries up to it. ONNX has sums along an axis only. */
  Cumprod: (g, inputs, {axis, exclusive, reverse}) => {
    const x = required(inputs, 'x');
    const [at] = axesOf(axis, x.shape.length) as [number];
    const length = x.shape[at]!;
    let product = exclusive ? shifted(g, x, at, 1, Boolean(reverse)) : x;
    for (let step = 1; step < length; step *= 2) {
      product = binary(g, 'Mul', product, shifted(g, product, at, step, Boolean(reverse)));
    }
    return product;
  },
};

/** x moved by `by` along an axis (against it in reverse), ones coming in. */
const shifted = (g: GraphBuilder, x: Value, axis: number, by: number, reverse: boolean): Value => {
  const zeros = x.shape.map(() => 0);
  const kept = slice(g, x, reverse ? zeros.with(axis, by) : zeros, x.shape.with(axis, x.shape[axis]! - by));
  const widths = x.shape.map((_, at): [number, number] => (at === axis ? (reverse ? [0, by] : [by, 0]) : [0, 0]));
  return pad(g, kept, widths, 'constant', 1);
};

/** tf.gather with batchDims: the leading axes of x and indices are the same examples. */
export const gatherInBatch = (g: GraphBuilder, x: Value, indices: Value, axis: number, given: number): Value => {
  const batchDims = given < 0 ? given + indices.shape.length : given;
  const asTensor = (value: Value): tf.Tensor => ({shape: [...value.shape]}) as tf.Tensor;
  tf.backend_util.segment_util.collectGatherOpShapeInfo(asTensor(x), asTensor(indices), axis, given);
  // Axis to the place behind the batch, which GatherND wants; and back.
  const order = [...x.shape.keys()];
  const front = [...order.slice(0, batchDims), axis, ...order.slice(batchDims).filter(at => at !== axis)];
  const moved = g.transpose(x, front);
  const picks = cast(g, g.reshape(indices, [...indices.shape, 1]), 'int64');
  const rest = moved.shape.slice(batchDims + 1);
  const shape = [...indices.shape, ...rest];
  const found = g.node('GatherND', [moved, picks], [shape, x.dtype], {attributes: {batch_dims: batchDims}});
  const picked = indices.shape.length - batchDims;
  const before = axis - batchDims;
  const place = (at: number): number => batchDims + picked + at;
  const back = [
    ...Array.from({length: batchDims}, (_, at) => at),
    ...Array.from({length: before}, (_, at) => place(at)),
    ...Array.from({length: picked}, (_, at) => batchDims + at),
    ...Array.from({length: rest.length - before}, (_, at) => place(before + at)),
  ];
  return g.transpose(found, back);
};
