import {type GraphBuilder, type Value} from '../graph.ts';
import {broadcastShape, type Lowering, type Lowerings, required} from '../lowering.ts';
import {binary, cast, unary} from './elementwise.ts';
import {choose, scalar} from './functions.ts';

type Binary = (g: GraphBuilder, a: Value, b: Value, shape: readonly number[]) => Value;

const ofTwo =
  (f: Binary): Lowering =>
  (g, inputs) => {
    const [a, b] = [required(inputs, 'a'), required(inputs, 'b')];
    return f(g, a, b, broadcastShape(a.shape, b.shape));
  };

const compare = (g: GraphBuilder, op: string, x: Value, value: number): Value =>
  binary(g, op, x, scalar(g, value, x), 'bool');

const not = (g: GraphBuilder, x: Value): Value => unary(g, 'Not', x);

/** Whole numbers divided by zero stop the whole process (a signal of the processor); the quotient is then by one. */
const safeDivisor = (g: GraphBuilder, b: Value): Value =>
  b.dtype === 'int32' ? choose(g, compare(g, 'Equal', b, 0), scalar(g, 1, b), b, b.shape) : b;

/** The remainder with the sign of the dividend, as `%` in C and JavaScript. */
const remainder: Binary = (g, a, b, shape) =>
  g.node('Mod', [a, safeDivisor(g, b)], [shape, a.dtype], {attributes: {fmod: 1}});

/** The remainder with the sign of the divisor, as in Python and TensorFlow. */
const mod: Binary = (g, a, b, shape) => {
  const first = remainder(g, a, b, shape);
  const second = remainder(g, binary(g, 'Add', first, b), b, shape);
  const same = binary(g, 'Equal', compare(g, 'Less', a, 0), compare(g, 'Less', b, 0), 'bool');
  return choose(g, same, first, second, shape);
};

/** ⌊a / b⌋, whole. */
const floorDivision: Binary = (g, a, b, shape) => {
  if (a.dtype !== 'int32') return cast(g, unary(g, 'Floor', binary(g, 'Div', a, b)), 'int32');
  const divisor = safeDivisor(g, b);
  // ONNX divides whole numbers towards zero.
  const towardsZero = g.node('Div', [a, divisor], [shape, 'int32']);
  const rest = binary(g, 'Sub', a, binary(g, 'Mul', towardsZero, divisor));
  const opposite = not(g, binary(g, 'Equal', compare(g, 'Less', rest, 0), compare(g, 'Less', divisor, 0), 'bool'));
  const down = binary(g, 'And', not(g, compare(g, 'Equal', rest, 0)), opposite, 'bool');
  return choose(g, down, binary(g, 'Sub', towardsZero, scalar(g, 1, a)), towardsZero, shape);
};

/** The angle of the point (x, y) = (b, a), in (−π, π]. */
const atan2: Binary = (g, y, x, shape) => {
  const sign = choose(g, compare(g, 'Less', y, 0), scalar(g, -1, y), scalar(g, 1, y), y.shape);
  const slope = unary(g, 'Atan', binary(g, 'Div', y, x));
  const left = binary(g, 'Add', slope, binary(g, 'Mul', sign, scalar(g, Math.PI, y)));
  const vertical = binary(g, 'Mul', sign, scalar(g, Math.PI / 2, y));
  const zero = compare(g, 'Equal', y, 0);
  const onAxis = choose(g, zero, scalar(g, 0, y), vertical, y.shape);
  const sloped = choose(g, compare(g, 'Less', x, 0), left, slope, shape);
  return choose(g, compare(g, 'Equal', x, 0), onAxis, sloped, shape);
};

export const quotients: Lowerings = {
  Mod: ofTwo(mod),
  FloorDiv: ofTwo(floorDivision),
  Atan2: ofTwo((g, a, b, shape) => atan2(g, cast(g, a, 'float32'), cast(g, b, 'float32'), shape)),
  BitwiseAnd: ofTwo((g, a, b) => binary(g, 'BitwiseAnd', a, b)),
  Prelu: (g, inputs) => {
    return prelu(g, cast(g, required(inputs, 'x'), 'float32'), cast(g, required(inputs, 'alpha'), 'float32'));
  },
};

export const prelu = (g: GraphBuilder, x: Value, alpha: Value): Value =>
  choose(g, compare(g, 'Less', x, 0), binary(g, 'Mul', x, alpha), x, broadcastShape(x.shape, alpha.shape));
