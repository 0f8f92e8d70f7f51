import type {GraphBuilder, Value} from '../graph.ts';
import {type Lowering, type Lowerings, required} from '../lowering.ts';
import {cast} from './elementwise.ts';

interface Rules {
  readonly linear: boolean;
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/**
 * [outputs, inputs]: how much each entry of an axis counts for each entry of the resized axis. TensorFlow.js's two ways to
 * place the samples are not those of ONNX's Resize in all cases, and the gradient is this matrix transposed.
 */
const weights = (g: GraphBuilder, inputs: number, outputs: number, rules: Rules): Value => {
  const {linear, alignCorners, halfPixelCenters} = rules;
  const ends = alignCorners && outputs > 1;
  const scale = ends ? (inputs - 1) / (outputs - 1) : inputs / outputs;
  const data = new Float32Array(outputs * inputs);
  for (let at = 0; at < outputs; at++) {
    const put = (column: number, weight: number): void => {
      data[at * inputs + column]! += weight;
    };
    if (linear) {
      const place = halfPixelCenters ? scale * (at + 0.5) - 0.5 : scale * at;
      const low = Math.max(0, Math.floor(place));
      const high = Math.min(inputs - 1, Math.ceil(place));
      const share = place - low;
      put(low, 1 - share);
      put(high, share);
    } else {
      const place = scale * (halfPixelCenters ? at + 0.5 : at);
      put(Math.max(0, Math.min(inputs - 1, alignCorners ? Math.round(place) : Math.floor(place))), 1);
    }
  }
  return g.constant([outputs, inputs], 'float32', data);
};

/** rows · x · columnsᵀ for each image and channel of x [batch, height, width, channel]. */
const applied = (g: GraphBuilder, x: Value, rows: Value, columns: Value): Value => {
  const [batch, , , channels] = x.shape as [number, number, number, number];
  const images = g.transpose(x, [0, 3, 1, 2]);
  const [height, width] = [rows.shape[0]!, columns.shape[0]!];
  const tall = g.node('MatMul', [rows, images], [[batch, channels, height, x.shape[2]!], 'float32']);
  const both = g.node('MatMul', [tall, g.transpose(columns, [1, 0])], [[batch, channels, height, width], 'float32']);
  return g.transpose(both, [0, 2, 3, 1]);
};

const rulesOf = (linear: boolean, {alignCorners, halfPixelCenters}: Readonly<Record<string, unknown>>): Rules => ({
  linear,
  alignCorners: Boolean(alignCorners),
  halfPixelCenters: Boolean(halfPixelCenters),
});

const resize =
  (linear: boolean): Lowering =>
  (g, inputs, attributes) => {
    const x = required(inputs, 'images');
    const [height, width] = attributes['size'] as [number, number];
    const rules = rulesOf(linear, attributes);
    const [rows, columns] = [weights(g, x.shape[1]!, height, rules), weights(g, x.shape[2]!, width, rules)];
    const resized = applied(g, cast(g, x, 'float32'), rows, columns);
    return linear ? resized : cast(g, resized, x.dtype);
  };

const gradient =
  (linear: boolean): Lowering =>
  (g, inputs, attributes) => {
    const [images, dy] = [required(inputs, 'images'), required(inputs, 'dy')];
    const rules = {...rulesOf(linear, attributes), halfPixelCenters: false};
    const rows = weights(g, images.shape[1]!, dy.shape[1]!, rules);
    const columns = weights(g, images.shape[2]!, dy.shape[2]!, rules);
    return applied(g, dy, g.transpose(rows, [1, 0]), g.transpose(columns, [1, 0]));
  };

export const resizing: Lowerings = {
  ResizeBilinear: resize(true),
  ResizeNearestNeighbor: resize(false),
  ResizeBilinearGrad: gradient(true),
  ResizeNearestNeighborGrad: gradient(false),
};
