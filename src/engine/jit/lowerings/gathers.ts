import {EngineError} from '../../errors.ts';
import {type Dtype, sizeOf} from '../graph.ts';
import {axesOf, type Lowerings, required} from '../lowering.ts';
import {gatherInBatch} from './contractions.ts';
import {cast} from './elementwise.ts';
import {expand} from './pieces.ts';

export const gathers: Lowerings = {
  GatherV2: (g, inputs, {axis, batchDims}) => {
    const [x, indices] = [required(inputs, 'x'), required(inputs, 'indices')];
    const [at] = axesOf(axis ?? 0, x.shape.length) as [number];
    if (batchDims) return gatherInBatch(g, x, indices, at, batchDims as number);
    return g.node('Gather', [x, indices], [x.shape.toSpliced(at, 1, ...indices.shape), x.dtype], {
      attributes: {axis: at},
    });
  },
  GatherNd: (g, inputs) => {
    const [params, indices] = [required(inputs, 'params'), required(inputs, 'indices')];
    if (params.shape.length < 1 || indices.shape.length < 1 || indices.shape.at(-1)! > params.shape.length) {
      throw new EngineError(
        `tf.gatherND: indices [${indices.shape.join(', ')}] name places along their last axis; ` +
          `x is [${params.shape.join(', ')}].`,
      );
    }
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
    // Compared with the places: ONNX's own operator counts −1 from the end, where TensorFlow.js means "none".
    const places = g.constant(
      [depth as number],
      'int32',
      Int32Array.from({length: depth as number}, (_, at) => at),
    );
    const column = g.reshape(cast(g, indices, 'int32'), [...indices.shape, 1]);
    const hit = g.node('Equal', [column, places], [shape, 'bool']);
    const [on, off] = [g.fill([], onValue as number), g.fill([], offValue as number)];
    const chosen = onValue === 1 && offValue === 0 ? hit : g.node('Where', [hit, on, off], [shape, 'float32']);
    return cast(g, chosen, (dtype as Dtype | undefined) ?? 'float32');
  },
};
