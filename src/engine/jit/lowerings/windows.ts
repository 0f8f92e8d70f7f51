import type * as tf from '@tensorflow/tfjs-core';
import type {GraphBuilder, Value} from '../graph.ts';
import {pad, slice} from './pieces.ts';

/** The geometry of a convolution or a pooling over one to three spatial axes, as ONNX describes it. */
export interface Window {
  /** [batch, channel, …spatial] of the input and of the output. */
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** What ONNX makes of it: longer than `output` where tfjs stops early (it takes a filter's height for its width). */
  readonly reached: readonly number[];
  readonly channelsLast: boolean;
}

type Geometry = Omit<Window, 'after' | 'reached'>;

/** What a window covers, holes included. */
export const extent = ({kernel, dilations}: Pick<Window, 'kernel' | 'dilations'>): number[] =>
  kernel.map((size, at) => (size - 1) * dilations[at]! + 1);

const withEnd = (geometry: Geometry): Window => {
  const {input, output, strides, before} = geometry;
  // Where sizes were rounded up the last window reaches beyond the padding that was asked for; where down, not as far.
  const after = extent(geometry).map((size, at) =>
    Math.max(0, (output[at + 2]! - 1) * strides[at]! + size - input[at + 2]! - before[at]!),
  );
  const ends = extent(geometry).map(
    (size, at) => Math.floor((input[at + 2]! + before[at]! + after[at]! - size) / strides[at]!) + 1,
  );
  return {...geometry, after, reached: [...output.slice(0, 2), ...ends]};
};

/** A result of ONNX's size in tfjs's. */
export const cutToOutput = (g: GraphBuilder, y: Value, {output}: Window): Value =>
  slice(
    g,
    y,
    output.map(() => 0),
    output,
  );

/** The size of the input as far as windows reach it, and zeros for the rest: the other direction. */
export const reachedInput = ({input, output, strides, before, after, ...window}: Window): number[] => [
  ...input.slice(0, 2),
  ...extent(window).map((size, at) => (output[at + 2]! - 1) * strides[at]! + size - before[at]! - after[at]!),
];

export const paddedToInput = (g: GraphBuilder, x: Value, input: readonly number[]): Value =>
  x.shape.every((size, axis) => size === input[axis])
    ? x
    : pad(g, x, x.shape.map((size, axis): [number, number] => [0, input[axis]! - size]), 'constant'); // prettier-ignore

export const window2 = (info: tf.backend_util.Conv2DInfo): Window =>
  withEnd({
    input: [info.batchSize, info.inChannels, info.inHeight, info.inWidth],
    output: [info.batchSize, info.outChannels, info.outHeight, info.outWidth],
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    before: [info.padInfo.top, info.padInfo.left],
    channelsLast: info.dataFormat === 'channelsLast',
  });

export const window3 = (info: tf.backend_util.Conv3DInfo): Window =>
  withEnd({
    input: [info.batchSize, info.inChannels, info.inDepth, info.inHeight, info.inWidth],
    output: [info.batchSize, info.outChannels, info.outDepth, info.outHeight, info.outWidth],
    kernel: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    before: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
    channelsLast: info.dataFormat === 'channelsLast',
  });

/** [batch, …spatial, channel] → [batch, channel, …spatial], ONNX's order. */
export const channelsFirst = (g: GraphBuilder, x: Value, {channelsLast}: Window): Value => {
  const rank = x.shape.length;
  const spatial = Array.from({length: rank - 2}, (_, at) => at + 1);
  return channelsLast ? g.transpose(x, [0, rank - 1, ...spatial]) : x;
};

/** The other way round. */
export const asGiven = (g: GraphBuilder, x: Value, {channelsLast}: Window): Value => {
  const spatial = Array.from({length: x.shape.length - 2}, (_, at) => at + 2);
  return channelsLast ? g.transpose(x, [0, ...spatial, 1]) : x;
};
