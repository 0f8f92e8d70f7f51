import * as tf from '@tensorflow/tfjs-core';
import {type GraphBuilder, sizeOf, type Value} from '../graph.ts';
import {type Lowerings, required} from '../lowering.ts';
import {binary, cast} from './elementwise.ts';
import {pad, slice} from './pieces.ts';

type Inputs = Readonly<Record<string, Value>>;
type Attributes = Readonly<Record<string, unknown>>;

/** Entries of the padded image that each of the kernel's places sees, and what they add up to with the kernel. */
interface Seen {
  readonly padded: readonly [number, number];
  readonly before: readonly [number, number];
  /** Flat places in the padded image, [kernel, row · column]. */
  readonly places: Int32Array;
  readonly kernel: number;
  readonly spots: number;
  /** [batch, kernel, spot, channel]: x + filter. */
  readonly sums: Value;
  readonly output: readonly number[];
}

/** Far below every number, yet a number: what lies outside the image is never the largest. */
const nothing = -3e38;

const look = (g: GraphBuilder, x: Value, filter: Value, {strides, pad: padding, dilations}: Attributes): Seen => {
  const info = tf.backend_util.computeDilation2DInfo(
    [...x.shape] as [number, number, number, number],
    [...filter.shape] as [number, number, number],
    strides as number,
    padding as 'same',
    'NHWC',
    dilations as number,
  );
  const {batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, filterHeight, filterWidth, padInfo} = info;
  const {strideHeight, strideWidth, dilationHeight, dilationWidth} = info;
  const after = (size: number, out: number, stride: number, kernel: number, rate: number, before: number): number =>
    Math.max(0, (out - 1) * stride + (kernel - 1) * rate + 1 - size - before);
  const [top, left] = [padInfo.top, padInfo.left];
  const bottom = after(inHeight, outHeight, strideHeight, filterHeight, dilationHeight, top);
  const right = after(inWidth, outWidth, strideWidth, filterWidth, dilationWidth, left);
  const image = pad(g, x, [[0, 0], [top, bottom], [left, right], [0, 0]], 'constant', nothing); // prettier-ignore
  const [height, width] = [image.shape[1]!, image.shape[2]!];
  const [kernel, spots] = [filterHeight * filterWidth, outHeight * outWidth];
  const places = Int32Array.from({length: kernel * spots}, (_, at) => {
    const [k, spot] = [Math.floor(at / spots), at % spots];
    const row = Math.floor(spot / outWidth) * strideHeight + Math.floor(k / filterWidth) * dilationHeight;
    return row * width + (spot % outWidth) * strideWidth + (k % filterWidth) * dilationWidth;
  });
  const flat = g.reshape(image, [batchSize, height * width, inChannels]);
  const spec = [[batchSize, kernel, spots, inChannels], 'float32'] as const;
  const patches = g.node('Gather', [flat, g.constant([kernel, spots], 'int32', places)], spec, {attributes: {axis: 1}});
  const sums = binary(g, 'Add', patches, g.reshape(filter, [1, kernel, 1, inChannels]));
  const output = [batchSize, outHeight, outWidth, inChannels];
  return {padded: [height, width], before: [top, left], places, kernel, spots, sums, output};
};

/** dy where a place of the kernel was the (first) largest, else 0: [batch, kernel, spot, channel]. */
const credited = (g: GraphBuilder, {sums, kernel, spots}: Seen, dy: Value): Value => {
  const [batch, , , channels] = sums.shape as [number, number, number, number];
  const found = g.node('ArgMax', [sums], [[batch, 1, spots, channels], 'int64'], {attributes: {axis: 1, keepdims: 1}});
  const each = g.constant(
    [1, kernel, 1, 1],
    'int64',
    BigInt64Array.from({length: kernel}, (_, at) => BigInt(at)),
  );
  const hit = cast(g, binary(g, 'Equal', found, each, 'bool'), 'float32');
  return binary(g, 'Mul', hit, g.reshape(dy, [batch, 1, spots, channels]));
};

const prepared = (g: GraphBuilder, inputs: Inputs, attributes: Attributes): Seen =>
  look(g, required(inputs, 'x'), required(inputs, 'filter'), attributes);

/** Grey-scale dilation: the largest of image plus kernel over each window, channel by channel. */
export const dilation: Lowerings = {
  Dilation2D: (g, inputs, attributes) => {
    const {sums, output} = prepared(g, inputs, attributes);
    const flat = [sums.shape[0]!, sums.shape[2]!, sums.shape[3]!];
    return g.reshape(g.node('ReduceMax', [sums, g.ints([1])], [flat, 'float32'], {attributes: {keepdims: 0}}), output);
  },
  Dilation2DBackpropFilter: (g, inputs, attributes) => {
    const shares = credited(g, prepared(g, inputs, attributes), required(inputs, 'dy'));
    const {shape} = required(inputs, 'filter');
    const spec = [[shares.shape[1]!, shape[2]!], 'float32'] as const;
    return g.reshape(g.node('ReduceSum', [shares, g.ints([0, 2])], spec, {attributes: {keepdims: 0}}), shape);
  },
  Dilation2DBackpropInput: (g, inputs, attributes) => {
    const seen = prepared(g, inputs, attributes);
    const x = required(inputs, 'x');
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    const shares = g.transpose(credited(g, seen, required(inputs, 'dy')), [1, 2, 0, 3]);
    const count = seen.kernel * seen.spots;
    const updates = g.reshape(shares, [count, batch * channels]);
    const area = sizeOf(seen.padded);
    const places = g.constant([count, 1], 'int64', BigInt64Array.from(seen.places, BigInt));
    const operands = [g.fill([area, batch * channels], 0), places, updates];
    const sums = g.node('ScatterND', operands, [[area, batch * channels], 'float32'], {attributes: {reduction: 'add'}});
    const image = g.transpose(g.reshape(sums, [...seen.padded, batch, channels]), [2, 0, 1, 3]);
    return slice(g, image, [0, ...seen.before, 0], [batch, height, width, channels]);
  },
};
