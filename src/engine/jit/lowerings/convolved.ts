import type {GraphBuilder, Value} from '../graph.ts';
import {slice} from './pieces.ts';
import {asGiven, channelsFirst, cutToOutput, paddedToInput, reachedInput, type Window} from './windows.ts';

/** A filter over all channels, or over each channel by itself. */
export type Kind = 'plain' | 'depthwise';

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

/** The convolution itself. */
export const forward = (g: GraphBuilder, x: Value, filter: Value, window: Window, kind: Kind): Value => {
  const attributes = {...windowAttributes(window), group: groupsOf(window, kind)};
  const operands = [channelsFirst(g, x, window), weights(g, filter, kind)];
  const y = g.node('Conv', operands, [window.reached, 'float32'], {attributes});
  return asGiven(g, cutToOutput(g, y, window), window);
};

/** The gradient by the input, which is also the transposed convolution. */
export const byInput = (g: GraphBuilder, dy: Value, filter: Value, window: Window, kind: Kind): Value => {
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
export const byFilter = (g: GraphBuilder, x: Value, dy: Value, window: Window, kind: Kind): Value => {
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
