import * as tf from '@tensorflow/tfjs-core';
import {EngineError} from '../../errors.ts';
import type {GraphBuilder, Value} from '../graph.ts';
import {type Lowering, type Lowerings, required} from '../lowering.ts';
import {activate} from './activations.ts';
import {byFilter, byInput, forward, type Kind} from './convolved.ts';
import {binary, cast} from './elementwise.ts';
import {type Window, window2, window3} from './windows.ts';

type Attributes = Readonly<Record<string, unknown>>;

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

const real = (g: GraphBuilder, inputs: Readonly<Record<string, Value>>, name: string): Value =>
  cast(g, required(inputs, name), 'float32');

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
