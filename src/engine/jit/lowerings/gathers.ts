import {EngineError} from '../../errors.ts';
import {type Dtype, sizeOf} from '../graph.ts';
import {axesOf, type Lowerings, required} from '../lowering.ts';
import {cast} from './elementwise.ts';
import {expand} from './shapes.ts';

export const gathers: Lowerings = {
  GatherV2: (g, inputs, {axis, batchDims}) => {
    if (batchDims)
      throw new EngineError('The jit has no lowering for tf.gather with batchDims; use tf.oneHot and tf.matMul.');
    const [x, indices] = [required(inputs, 'x'), required(inputs, 'indices')];
    const [at] = axesOf(axis ?? 0, x.shape.length) as [number];
    return g.node('Gather', [x, indices], [x.shape.toSpliced(at, 1, ...indices.shape), x.dtype], {
      attributes: {axis: at},
    });
  },
  GatherNd: (g, inputs) => {
    const [params, indices] = [required(inputs, 'params'), required(inputs, 'indices')];
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(indices.shape.at(-1))];
    return g.node('GatherND', [params, cast(g, indices, 'int64')], [shape, params.dtype]);
  },
  // The gradient of a gather: [n, …] and n segment ids → [segments, …], zeros where nothing was added.
  UnsortedSegmentSum: (g, inputs, {numSegments}) => {
    const [x, ids] = [required(inputs, 'x'), required(inputs, 'segmentIds')];
    const shape = [numSegments as number, ...x.shape.slice(1)];
    const columns = g.reshape(cast(g, ids, 'int64'), [sizeOf(ids.shape), ...x.shape.slice(1).map(() => 1)]);
    const everywhere = expand(g, columns, x.shape);
    return g.node('ScatterElements', [g.fill(shape, 0, x.dtype), everywhere, x], [shape, x.dtype], {
      attributes: {axis: 0, reduction: 'add'},
    });
  },
  OneHot: (g, inputs, {depth, onValue, offValue, dtype}) => {
    const indices = required(inputs, 'indices');
    const shape = [...indices.shape, depth as number];
    const values = g.constant([2], 'float32', Float32Array.of(offValue as number, onValue as number));
    // ONNX Runtime has this operator for few combinations of types; 64-bit indices and float values are one.
    const operands = [cast(g, indices, 'int64'), g.fill([], depth as number, 'int64'), values];
    const chosen = g.node('OneHot', operands, [shape, 'float32'], {attributes: {axis: -1}});
    return cast(g, chosen, (dtype as Dtype | undefined) ?? 'float32');
  },
};
