import * as tf from '@tensorflow/tfjs-core';
import {type GraphBuilder, sizeOf, type Value} from '../graph.ts';
import {type Lowerings, required} from '../lowering.ts';
import {binary, cast, unary} from './elementwise.ts';
import {choose} from './functions.ts';
import {concat, split} from './pieces.ts';

/** Images [batch, height, width, channel] whose pixels are taken from other places. */

const scalar = (g: GraphBuilder, value: number): Value => g.fill([], value);
const add = (g: GraphBuilder, a: Value, b: Value): Value => binary(g, 'Add', a, b);
const sub = (g: GraphBuilder, a: Value, b: Value): Value => binary(g, 'Sub', a, b);
const mul = (g: GraphBuilder, a: Value, b: Value): Value => binary(g, 'Mul', a, b);
const clip = (g: GraphBuilder, x: Value, most: number): Value =>
  g.node('Clip', [x, scalar(g, 0), scalar(g, most)], [x.shape, 'float32']);
const times = (g: GraphBuilder, x: Value, by: number): Value => unary(g, 'Floor', binary(g, 'Div', x, scalar(g, by)));

/** Where a place beyond an axis of `length` pixels comes from; places within stay as they are. */
const outward: Readonly<Record<string, (g: GraphBuilder, place: Value, length: number) => Value>> = {
  constant: (_, place) => place,
  nearest: (g, place, length) => clip(g, place, length - 1),
  // [abcd] goes on as [dcba|abcd|dcba]: a period is there and back. Pixel centres are whole, so the mirror is at −½.
  reflect: (g, place, length) => {
    const before = binary(g, 'Less', place, scalar(g, 0), 'bool');
    const turned = sub(g, unary(g, 'Neg', place), scalar(g, 1));
    // −1 − x of the first period to the left is x itself of the one to the right.
    const ahead = choose(g, before, turned, place, place.shape);
    const own = sub(g, ahead, mul(g, times(g, ahead, 2 * length), scalar(g, 2 * length)));
    const back = binary(g, 'GreaterOrEqual', own, scalar(g, length), 'bool');
    const mirrored = sub(g, scalar(g, 2 * length - 1), own);
    const beyond = binary(g, 'Greater', place, scalar(g, length - 1), 'bool');
    const outside = binary(g, 'Or', before, beyond, 'bool');
    return clip(g, choose(g, outside, choose(g, back, mirrored, own, place.shape), place, place.shape), length - 1);
  },
  // [abcd] goes on as [abcd|abcd|abcd], by TensorFlow's rule: whole periods are counted in lengths of one less.
  wrap: (g, place, length) => {
    if (length === 1) return clip(g, place, 0);
    const before = binary(g, 'Less', place, scalar(g, 0), 'bool');
    const periods = times(g, unary(g, 'Abs', place), length - 1);
    const up = add(g, place, mul(g, add(g, periods, scalar(g, 1)), scalar(g, length)));
    const down = sub(g, place, mul(g, periods, scalar(g, length)));
    const beyond = binary(g, 'Greater', place, scalar(g, length - 1), 'bool');
    const moved = choose(g, before, up, choose(g, beyond, down, place, place.shape), place.shape);
    return clip(g, moved, length - 1);
  },
};

/** Reads pixels at whole places [batch, height, width] of a float32 image; `fill` where there are none. */
const reader = (g: GraphBuilder, image: Value, fill: number): ((y: Value, x: Value) => Value) => {
  const [batch, height, width, channels] = image.shape as [number, number, number, number];
  const pixels = g.reshape(image, [batch * height * width, channels]);
  const first = g.constant(
    [batch, 1, 1],
    'int32',
    Int32Array.from({length: batch}, (_, at) => at * height * width),
  );
  const isWithin = (place: Value, length: number): Value => {
    const low = binary(g, 'GreaterOrEqual', place, scalar(g, 0), 'bool');
    return binary(g, 'And', low, binary(g, 'Less', place, scalar(g, length), 'bool'), 'bool');
  };
  return (y, x) => {
    const row = mul(g, cast(g, clip(g, y, height - 1), 'int32'), g.fill([], width, 'int32'));
    const place = add(g, add(g, row, cast(g, clip(g, x, width - 1), 'int32')), first);
    const shape = [...place.shape, channels];
    const found = g.node('Gather', [pixels, place], [shape, 'float32'], {attributes: {axis: 0}});
    const seen = binary(g, 'And', isWithin(y, height), isWithin(x, width), 'bool');
    return choose(g, g.reshape(seen, [...seen.shape, 1]), found, scalar(g, fill), shape);
  };
};

const counted = (g: GraphBuilder, length: number, shape: readonly number[]): Value =>
  g.constant(
    shape,
    'float32',
    Float32Array.from({length}, (_, at) => at),
  );

export const warps: Lowerings = {
  // Rotation is by numbers that are known while tracing: which pixel goes where is a constant.
  RotateWithOffset: (g, inputs, attributes) => {
    const image = required(inputs, 'image');
    const {radians, fillValue, center} = attributes as unknown as tf.RotateWithOffsetAttrs;
    const [batch, height, width, channels] = image.shape as [number, number, number, number];
    const [centerX, centerY] = tf.backend_util.getImageCenter(center, height, width);
    const [sine, cosine] = [Math.sin(radians), Math.cos(radians)];
    const size = height * width;
    // One place more than there are pixels: what is filled in.
    const places = Int32Array.from({length: size}, (_, at) => {
      const [dx, dy] = [(at % width) - centerX, Math.floor(at / width) - centerY];
      const x = Math.round(dx * cosine - dy * sine + centerX);
      const y = Math.round(dx * sine + dy * cosine + centerY);
      return x >= 0 && x < width && y >= 0 && y < height ? y * width + x : size;
    });
    const fills = Float32Array.from({length: channels}, (_, channel) => {
      if (typeof fillValue === 'number') return fillValue;
      return channel === 3 ? 255 : fillValue[channel]!;
    });
    const outside = cast(g, g.constant([1, 1, channels], 'float32', fills), image.dtype);
    const rows = g.reshape(image, [batch, size, channels]);
    const filler = g.node('Expand', [outside, g.ints([batch, 1, channels])], [[batch, 1, channels], image.dtype]);
    const moved = g.node(
      'Gather',
      [concat(g, [rows, filler], 1), g.constant([size], 'int32', places)],
      [[batch, size, channels], image.dtype],
      {attributes: {axis: 1}},
    );
    return g.reshape(moved, image.shape);
  },
  /** Transforms [batch or 1, 8]: x ← (a·x + b·y + c) / (g·x + h·y + 1), y ← (d·x + e·y + f) / (g·x + h·y + 1). */
  Transform: (g, inputs, attributes) => {
    const [image, transforms] = [required(inputs, 'image'), required(inputs, 'transforms')];
    const {interpolation, fillMode, fillValue, outputShape} = attributes as unknown as tf.TransformAttrs;
    const [batch, inHeight, inWidth, channels] = image.shape as [number, number, number, number];
    const [height, width] = (outputShape as [number, number] | null | undefined) ?? [inHeight, inWidth];
    const shape = [batch, height, width, channels];
    if (sizeOf(shape) === 0) return g.fill(shape, 0, image.dtype);
    const count = transforms.shape[0]!;
    const terms = split(g, transforms, Array<number>(8).fill(1), 1).map(term => g.reshape(term, [count, 1, 1]));
    const [a, b, c, d, e, f, p, q] = terms as [Value, Value, Value, Value, Value, Value, Value, Value];
    const [xs, ys] = [counted(g, width, [1, 1, width]), counted(g, height, [1, height, 1])];
    const linear = (ofX: Value, ofY: Value, rest: Value): Value =>
      add(g, add(g, mul(g, ofX, xs), mul(g, ofY, ys)), rest);
    const projection = linear(p, q, scalar(g, 1));
    const x = binary(g, 'Div', linear(a, b, c), projection);
    const y = binary(g, 'Div', linear(d, e, f), projection);
    const turn = outward[fillMode] ?? outward['constant']!;
    const [fromX, fromY] = [turn(g, x, inWidth), turn(g, y, inHeight)];
    const read = reader(g, cast(g, image, 'float32'), fillValue);
    const half = scalar(g, 0.5);
    const wide = (share: Value): Value => g.reshape(share, [...share.shape, 1]);
    const between = (low: Value, high: Value, share: Value): Value =>
      add(g, mul(g, low, wide(sub(g, scalar(g, 1), share))), mul(g, high, wide(share)));
    let value: Value;
    if (interpolation === 'nearest') {
      value = read(unary(g, 'Floor', add(g, fromY, half)), unary(g, 'Floor', add(g, fromX, half)));
    } else {
      const [x0, y0] = [unary(g, 'Floor', fromX), unary(g, 'Floor', fromY)];
      const [x1, y1] = [add(g, x0, scalar(g, 1)), add(g, y0, scalar(g, 1))];
      const [dx, dy] = [sub(g, fromX, x0), sub(g, fromY, y0)];
      value = between(between(read(y0, x0), read(y0, x1), dx), between(read(y1, x0), read(y1, x1), dx), dy);
    }
    // Places at infinity have no pixel, whatever the way of filling.
    const finite = wide(unary(g, 'Not', binary(g, 'Equal', projection, scalar(g, 0), 'bool')));
    return cast(g, choose(g, finite, value, scalar(g, fillValue), shape), image.dtype);
  },
};
