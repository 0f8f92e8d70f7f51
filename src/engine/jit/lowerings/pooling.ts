import * as tf from '@tensorflow/tfjs-core';
import {EngineError} from '../../errors.ts';
import {type GraphBuilder, sizeOf, type Value} from '../graph.ts';
import {type Lowering, type Lowerings, required} from '../lowering.ts';
import {binary, cast} from './elementwise.ts';
import {
  asGiven,
  channelsFirst,
  cutToOutput,
  paddedToInput,
  reachedInput,
  type Window,
  window2,
  window3,
} from './windows.ts';

type Attributes = Readonly<Record<string, unknown>>;

const geometry = (shape: readonly number[], attributes: Attributes): Window => {
  const {filterSize, strides, dilations, pad, dimRoundingMode, dataFormat} = attributes;
  const {computePool2DInfo, computePool3DInfo} = tf.backend_util;
  const given: unknown[] = [[...shape], filterSize, strides, dilations ?? 1, pad, dimRoundingMode];
  if (shape.length === 5) {
    given.push(dataFormat ?? 'NDHWC');
    return window3(computePool3DInfo(...(given as Parameters<typeof computePool3DInfo>)));
  }
  given.push((dataFormat ?? 'NHWC') === 'NHWC' ? 'channelsLast' : 'channelsFirst');
  return window2(computePool2DInfo(...(given as Parameters<typeof computePool2DInfo>)));
};

const attributesOf = ({kernel, strides, dilations, before, after}: Window): Record<string, readonly number[]> => ({
  kernel_shape: kernel,
  strides,
  dilations,
  pads: [...before, ...after],
});

/** Largest entries and where they stand: indices over the flat [batch, channel, …spatial]. */
const maxPool = (g: GraphBuilder, x: Value, window: Window): readonly [Value, Value] => {
  const image = channelsFirst(g, cast(g, x, 'float32'), window);
  const specs = [[window.reached, 'float32'], [window.reached, 'int64']] as const; // prettier-ignore
  const [values, places] = g.nodes('MaxPool', [image], specs, {attributes: attributesOf(window)});
  return [cutToOutput(g, values!, window), cutToOutput(g, places!, window)];
};

const max: Lowering = (g, inputs, attributes) => {
  const x = required(inputs, 'x');
  const window = geometry(x.shape, attributes);
  return cast(g, asGiven(g, maxPool(g, x, window)[0], window), x.dtype);
};

const average: Lowering = (g, inputs, attributes) => {
  const x = required(inputs, 'x');
  const window = geometry(x.shape, attributes);
  const image = channelsFirst(g, cast(g, x, 'float32'), window);
  const y = g.node('AveragePool', [image], [window.reached, 'float32'], {attributes: attributesOf(window)});
  return asGiven(g, cutToOutput(g, y, window), window);
};

/** dy goes to where each window's first largest entry stands. */
const maxGradient: Lowering = (g, inputs, attributes) => {
  const [dy, x] = [required(inputs, 'dy'), required(inputs, 'input')];
  const window = geometry(x.shape, attributes);
  const [, places] = maxPool(g, x, window);
  const [size, count] = [sizeOf(window.input), sizeOf(window.output)];
  const updates = g.reshape(channelsFirst(g, dy, window), [count]);
  const operands = [g.fill([size], 0), g.reshape(places, [count]), updates];
  const scattered = g.node('ScatterElements', operands, [[size], 'float32'], {attributes: {axis: 0, reduction: 'add'}});
  return asGiven(g, g.reshape(scattered, window.input), window);
};

/** dy is shared out evenly over each window, padding included, as TensorFlow.js does. */
const averageGradient: Lowering = (g, inputs, attributes) => {
  const [dy, x] = [required(inputs, 'dy'), required(inputs, 'input')];
  const window = geometry(x.shape, attributes);
  const {input, output, kernel} = window;
  const images = input[0]! * input[1]!;
  const share = binary(g, 'Div', channelsFirst(g, dy, window), g.fill([], sizeOf(kernel)));
  const single = g.reshape(share, [images, 1, ...output.slice(2)]);
  const reached = [images, 1, ...reachedInput(window).slice(2)];
  const operands = [single, g.fill([1, 1, ...kernel], 1)];
  const spread = g.node('ConvTranspose', operands, [reached, 'float32'], {attributes: attributesOf(window)});
  const whole = paddedToInput(g, spread, [images, 1, ...input.slice(2)]);
  return asGiven(g, g.reshape(whole, input), window);
};

export const pooling: Lowerings = {
  MaxPool: max,
  MaxPool3D: max,
  AvgPool: average,
  AvgPool3D: average,
  MaxPoolGrad: maxGradient,
  MaxPool3DGrad: maxGradient,
  AvgPoolGrad: averageGradient,
  AvgPool3DGrad: averageGradient,
  MaxPoolWithArgmax: (g, inputs, attributes) => {
    const x = required(inputs, 'x');
    if (x.shape.length !== 4)
      throw new EngineError(`tf.maxPoolWithArgmax takes images of rank 4, found ${x.shape.length}.`);
    const window = geometry(x.shape, attributes);
    const [batch, channels, height, width] = window.input as [number, number, number, number];
    const [values, places] = maxPool(g, x, window);
    // (h · width + w) of each, then TensorFlow's order: channels last.
    const area = g.fill([], height * width, 'int64');
    const place = g.node('Mod', [places, area], [window.output, 'int64']);
    const count = (size: number): Value => g.constant([size], 'int64', BigInt64Array.from({length: size}, (_, at) => BigInt(at))); // prettier-ignore
    const inChannel = binary(g, 'Mul', place, g.fill([], channels, 'int64'));
    let flat = binary(g, 'Add', inChannel, g.reshape(count(channels), [1, channels, 1, 1]));
    if (attributes['includeBatchInIndex']) {
      const starts = binary(g, 'Mul', g.reshape(count(batch), [batch, 1, 1, 1]), g.fill([], height * width * channels, 'int64')); // prettier-ignore
      flat = binary(g, 'Add', flat, starts);
    }
    return [asGiven(g, cast(g, values, x.dtype), window), cast(g, asGiven(g, flat, window), 'int32')];
  },
};
