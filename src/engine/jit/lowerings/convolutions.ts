import * as tf from '@tensorflow/tfjs-core';
import {EngineError} from '../../errors.ts';
import {type GraphBuilder, type Value} from '../graph.ts';
import {type Lowering, type Lowerings, required} from '../lowering.ts';
import {activate} from './activations.ts';
import {binary, cast} from './elementwise.ts';
import {slice} from './shapes.ts';
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
type Kind = 'plain' | 'depthwise';

const geometry2 = (input: readonly number[], filter: readonly number[], attributes: Attributes, kind: Kind): Window => {
  const {strides, dilations, pad, dimRoundingMode, dataFormat} = attributes;
  const format = tf.backend_util.convertConv2DDataFormat((dataFormat as 'NHWC' | undefined) ?? 'NHWC');
  const given: unknown[] = [
    [...input],
    [...filter],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    kind === 'depthwise',
  ];
  const {computeConv2DInfo} = tf.backend_util;
  given.push(format);
  return window2(computeConv2DInfo(...(given as Parameters<typeof computeConv2DInfo>)));
};

const geometry3 = (input: readonly number[], filter: readonly number[], attributes: Attributes): Window => {
  const {strides, dilations, pad} = attributes;
  const given: unknown[] = [[...input], [...filter], strides, dilations ?? 1, pad];
  const {computeConv3DInfo} = tf.backend_util;
  return window3(computeConv3DInfo(...(given as Parameters<typeof computeConv3DInfo>)));
};

/** [...kernel, in, out] → [out, in, ...kernel]; depthwise [...kernel, in, multiplier] → [in · multiplier, 1, ...kernel]. */
const weights = (g: GraphBuilder, filter: Value, kind: Kind): Value => {
  const axes = filter.shape.length - 2;
  const spatial = Array.from({length: axes}, (_, at) => at);
  const [channels, outputs] = filter.shape.slice(axes) as [number, number];
  if (kind === 'plain') return g.transpose(filter, [axes + 1, axes, ...spatial]);
  return g.reshape(g.transpose(filter, [axes, axes + 1, ...spatial]), [channels * outputs, 1, ...filter.shape.slice(0, axes)]); // prettier-ignore
};

const groupsOf = (window: Window, kind: Kind): number => (kind === 'depthwise' ? window.input[1]! : 1);

const windowAttributes = ({kernel, strides, dilations, before, after}: Window): Record<string, readonly number[]> => ({
  kernel_shape: kernel,
  strides,
  dilations,
  pads: [...before, ...after],
});

const real = (g: GraphBuilder, inputs: Readonly<Record<string, Value>>, name: string): Value =>
  cast(g, required(inputs, name), 'float32');

const forward = (g: GraphBuilder, x: Value, filter: Value, window: Window, kind: Kind): Value => {
  const attributes = {...windowAttributes(window), group: groupsOf(window, kind)};
  const operands = [channelsFirst(g, x, window), weights(g, filter, kind)];
  const y = g.node('Conv', operands, [window.reached, 'float32'], {attributes});
  return asGiven(g, cutToOutput(g, y, window), window);
};

/** The gradient by the input, which is also the transposed convolution. */
const byInput = (g: GraphBuilder, dy: Value, filter: Value, window: Window, kind: Kind): Value => {
  const {input, output} = window;
  const attributes = {...windowAttributes(window), group: groupsOf(window, kind)};
  // A transposed convolution may be told to give less than its input reaches.
  const image = channelsFirst(g, dy, window);
  const used = slice(g, image, image.shape.map(() => 0), output); // prettier-ignore
  const x = g.node('ConvTranspose', [used, weights(g, filter, kind)], [reachedInput(window), 'float32'], {attributes});
  return asGiven(g, paddedToInput(g, x, input), window);
};

/**
 * The gradient by the filter: x convolved with dy, examples taking the part of channels, and strides and dilations each
 * other's. Depthwise, each channel is a group of its own.
 */
const byFilter = (g: GraphBuilder, x: Value, dy: Value, window: Window, kind: Kind): Value => {
  const {input, output, kernel, strides, dilations, before, after} = window;
  const [examples, channels] = input as [number, number];
  const outputs = output[1]!;
  const spatial = kernel.map((_, at) => at + 2);
  const byChannel = g.transpose(channelsFirst(g, x, window), [1, 0, ...spatial]);
  const depthwise = kind === 'depthwise';
  const image = depthwise ? g.reshape(byChannel, [1, channels * examples, ...input.slice(2)]) : byChannel;
  const pattern = g.transpose(channelsFirst(g, dy, window), [1, 0, ...spatial]);
  const sizes = kernel.map(
    (_, at) =>
      Math.floor((input[at + 2]! + before[at]! + after[at]! - (output[at + 2]! - 1) * strides[at]! - 1) / dilations[at]!) + 1, // prettier-ignore
  );
  const attributes = {
    kernel_shape: output.slice(2),
    strides: dilations,
    dilations: strides,
    pads: [...before, ...after],
    group: depthwise ? channels : 1,
  };
  const lead = depthwise ? [1, outputs] : [channels, outputs];
  const sums = g.node('Conv', [image, pattern], [[...lead, ...sizes], 'float32'], {attributes});
  const cut = slice(g, sums, sums.shape.map(() => 0), [...lead, ...kernel]); // prettier-ignore
  const apart = depthwise ? g.reshape(cut, [channels, outputs / channels, ...kernel]) : cut;
  return g.transpose(apart, [...spatial, 0, 1]);
};

const convolution =
  (kind: Kind): Lowering =>
  (g, inputs, attributes) => {
    const [x, filter] = [real(g, inputs, 'x'), real(g, inputs, 'filter')];
    return forward(g, x, filter, geometry2(x.shape, filter.shape, attributes, kind), kind);
  };

const fused =
  (kind: Kind): Lowering =>
  (g, inputs, attributes) => {
    const plain = convolution(kind)(g, inputs, attributes) as Value;
    let {bias} = inputs;
    const first = attributes['dataFormat'] === 'NCHW';
    // A bias per channel broadcasts along the last axis; where channels come first it has to stand there.
    if (bias && first && bias.shape.length === 1 && bias.shape[0] !== 1) bias = g.reshape(bias, [bias.shape[0]!, 1, 1]);
    const biased = bias ? binary(g, 'Add', plain, bias) : plain;
    let slope = inputs['preluActivationWeights'];
    if (slope && first && slope.shape.length === 1 && slope.shape[0] !== 1) slope = g.reshape(slope, [slope.shape[0]!, 1, 1]); // prettier-ignore
    return activate(g, biased, attributes, slope, 'tf.fused.conv2d');
  };

const checked = (attributes: Attributes): Attributes => {
  const dilations = [attributes['dilations'] ?? 1].flat() as number[];
  if (dilations.some(rate => rate > 1)) {
    throw new EngineError(`The jit has gradients of convolutions for dilation 1 only, found ${dilations.join(' × ')}.`);
  }
  return attributes;
};

export const convolutions: Lowerings = {
  Conv2D: convolution('plain'),
  DepthwiseConv2dNative: convolution('depthwise'),
  FusedConv2D: fused('plain'),
  FusedDepthwiseConv2D: fused('depthwise'),
  Conv2DBackpropInput: (g, inputs, attributes) => {
    const [dy, filter] = [real(g, inputs, 'dy'), real(g, inputs, 'filter')];
    const window = geometry2(attributes['inputShape'] as number[], filter.shape, attributes, 'plain');
    return byInput(g, dy, filter, window, 'plain');
  },
  Conv2DBackpropFilter: (g, inputs, attributes) => {
    const [x, dy] = [real(g, inputs, 'x'), real(g, inputs, 'dy')];
    const window = geometry2(x.shape, attributes['filterShape'] as number[], attributes, 'plain');
    return byFilter(g, x, dy, window, 'plain');
  },
  DepthwiseConv2dNativeBackpropInput: (g, inputs, attributes) => {
    const [dy, filter] = [real(g, inputs, 'dy'), real(g, inputs, 'filter')];
    const window = geometry2(attributes['inputShape'] as number[], filter.shape, attributes, 'depthwise');
    return byInput(g, dy, filter, window, 'depthwise');
  },
  DepthwiseConv2dNativeBackpropFilter: (g, inputs, attributes) => {
    const [x, dy] = [real(g, inputs, 'x'), real(g, inputs, 'dy')];
    const window = geometry2(x.shape, attributes['filterShape'] as number[], attributes, 'depthwise');
    return byFilter(g, x, dy, window, 'depthwise');
  },
  Conv3D: (g, inputs, attributes) => {
    const [x, filter] = [real(g, inputs, 'x'), real(g, inputs, 'filter')];
    return forward(g, x, filter, geometry3(x.shape, filter.shape, attributes), 'plain');
  },
  Conv3DBackpropInputV2: (g, inputs, attributes) => {
    const [dy, filter] = [real(g, inputs, 'dy'), real(g, inputs, 'filter')];
    const window = geometry3(attributes['inputShape'] as number[], filter.shape, checked(attributes));
    return byInput(g, dy, filter, window, 'plain');
  },
  Conv3DBackpropFilterV2: (g, inputs, attributes) => {
    const [x, dy] = [real(g, inputs, 'x'), real(g, inputs, 'dy')];
    const window = geometry3(x.shape, attributes['filterShape'] as number[], checked(attributes));
    return byFilter(g, x, dy, window, 'plain');
  },
};
