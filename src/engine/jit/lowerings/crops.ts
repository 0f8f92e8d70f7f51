import {type GraphBuilder, sizeOf, type Value} from '../graph.ts';
import {type Lowerings, required} from '../lowering.ts';
import {binary, cast, unary} from './elementwise.ts';
import {choose} from './functions.ts';

/** Places along one axis at which each box is sampled, [box, sample], counted in pixels. */
const samples = (g: GraphBuilder, from: Value, to: Value, length: number, count: number): Value => {
  const end = g.fill([], length - 1);
  if (count === 1) return binary(g, 'Mul', binary(g, 'Mul', binary(g, 'Add', from, to), g.fill([], 0.5)), end);
  const step = binary(g, 'Div', binary(g, 'Mul', binary(g, 'Sub', to, from), end), g.fill([], count - 1));
  const counted = g.constant(
    [1, count],
    'float32',
    Float32Array.from({length: count}, (_, at) => at),
  );
  return binary(g, 'Add', binary(g, 'Mul', from, end), binary(g, 'Mul', counted, step));
};

/** What lies within 0 and `length − 1`; bool of the places' shape. */
const inside = (g: GraphBuilder, places: Value, length: number): Value => {
  const low = binary(g, 'GreaterOrEqual', places, g.fill([], 0), 'bool');
  return binary(g, 'And', low, binary(g, 'LessOrEqual', places, g.fill([], length - 1), 'bool'), 'bool');
};

const clamped = (g: GraphBuilder, places: Value, length: number): Value =>
  cast(g, g.node('Clip', [places, g.fill([], 0), g.fill([], length - 1)], [places.shape, 'float32']), 'int32');

export const crops: Lowerings = {
  CropAndResize: (g, inputs, attributes) => {
    const [image, boxes, owners] = [required(inputs, 'image'), required(inputs, 'boxes'), required(inputs, 'boxInd')];
    const {cropSize, method, extrapolationValue} = attributes as {
      cropSize: [number, number];
      method: 'bilinear' | 'nearest';
      extrapolationValue: number;
    };
    const [, height, width, channels] = image.shape as [number, number, number, number];
    const count = boxes.shape[0]!;
    const [rows, columns] = cropSize;
    const shape = [count, rows, columns, channels];
    if (sizeOf(shape) === 0) return g.fill(shape, 0);
    const side = [[count, 1], 'float32'] as const;
    const edges = g.nodes('Split', [boxes, g.ints([1, 1, 1, 1])], [side, side, side, side], {attributes: {axis: 1}});
    const [top, left, bottom, right] = edges as unknown as [Value, Value, Value, Value];
    const ys = g.reshape(samples(g, top, bottom, height, rows), [count, rows, 1]);
    const xs = g.reshape(samples(g, left, right, width, columns), [count, 1, columns]);

    const pixels = g.reshape(cast(g, image, 'float32'), [sizeOf(image.shape) / channels, channels]);
    const first = binary(g, 'Mul', g.reshape(cast(g, owners, 'int32'), [count, 1, 1]), g.fill([], height * width, 'int32')); // prettier-ignore
    const at = (y: Value, x: Value): Value => {
      const row = binary(g, 'Mul', clamped(g, y, height), g.fill([], width, 'int32'));
      const flat = binary(g, 'Add', first, binary(g, 'Add', row, clamped(g, x, width)));
      return g.node('Gather', [pixels, flat], [shape, 'float32'], {attributes: {axis: 0}});
    };
    const wide = (share: Value): Value => g.reshape(share, [...share.shape, 1]);
    const between = (a: Value, b: Value, share: Value): Value =>
      binary(g, 'Add', a, binary(g, 'Mul', binary(g, 'Sub', b, a), wide(share)));

    let value: Value;
    if (method === 'nearest') {
      const rounded = (places: Value): Value => unary(g, 'Floor', binary(g, 'Add', places, g.fill([], 0.5)));
      value = at(rounded(ys), rounded(xs));
    } else {
      const [y0, x0] = [unary(g, 'Floor', ys), unary(g, 'Floor', xs)];
      const [y1, x1] = [unary(g, 'Ceil', ys), unary(g, 'Ceil', xs)];
      const [dy, dx] = [binary(g, 'Sub', ys, y0), binary(g, 'Sub', xs, x0)];
      value = between(between(at(y0, x0), at(y0, x1), dx), between(at(y1, x0), at(y1, x1), dx), dy);
    }
    const seen = wide(binary(g, 'And', inside(g, ys, height), inside(g, xs, width), 'bool'));
    return choose(g, seen, value, g.fill([], extrapolationValue), shape);
  },
};
