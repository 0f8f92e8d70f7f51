import {type GraphBuilder, type Value} from '../graph.ts';
import {type Lowering, type Lowerings, required} from '../lowering.ts';
import {binary, cast, unary} from './elementwise.ts';

type Unary = (g: GraphBuilder, x: Value) => Value;

export const scalar = (g: GraphBuilder, value: number, like: Value): Value => g.fill([], value, like.dtype);

export const choose = (g: GraphBuilder, condition: Value, yes: Value, no: Value, shape: readonly number[]): Value => {
  if (yes.dtype !== 'bool') return g.node('Where', [condition, yes, no], [shape, yes.dtype]);
  const [a, b] = [cast(g, yes, 'int32'), cast(g, no, 'int32')];
  return cast(g, g.node('Where', [condition, a, b], [shape, 'int32']), 'bool');
};

/** A function of real numbers: whole numbers and truth values become float32 first, and so does the result. */
const real =
  (f: Unary): Lowering =>
  (g, inputs) =>
    f(g, cast(g, required(inputs, 'x'), 'float32'));

const plain = (op: string): Lowering => real((g, x) => unary(g, op, x));

/** eˣ − 1 = tanh(x / 2) · (eˣ + 1): no cancellation near zero. */
const expm1: Unary = (g, x) => {
  const half = unary(g, 'Tanh', binary(g, 'Mul', x, scalar(g, 0.5, x)));
  return binary(g, 'Mul', half, binary(g, 'Add', unary(g, 'Exp', x), scalar(g, 1, x)));
};

/** log(1 + x) = 2 artanh(x / (2 + x)): exact near zero; far from it the logarithm itself is. */
const log1p: Unary = (g, x) => {
  const near = binary(g, 'Less', unary(g, 'Abs', x), scalar(g, 0.5, x), 'bool');
  const share = binary(g, 'Div', x, binary(g, 'Add', x, scalar(g, 2, x)));
  const small = binary(g, 'Mul', unary(g, 'Atanh', share), scalar(g, 2, x));
  return choose(g, near, small, unary(g, 'Log', binary(g, 'Add', x, scalar(g, 1, x))), x.shape);
};

const isNan: Unary = (g, x) => g.node('IsNaN', [x], [x.shape, 'bool']);
const isInfinite: Unary = (g, x) => g.node('IsInf', [x], [x.shape, 'bool']);

// Klambauer et al. 2017, "Self-Normalizing Neural Networks", with the constants that TensorFlow.js uses.
const selu = {alpha: {float: 1.7580993408473768599402175208123 / 1.0507009873554804934193349852946}, gamma: {float: 1.0507009873554804934193349852946}}; // prettier-ignore

export const functions: Lowerings = {
  Acos: plain('Acos'),
  Acosh: plain('Acosh'),
  Asin: plain('Asin'),
  Asinh: plain('Asinh'),
  Atan: plain('Atan'),
  Atanh: plain('Atanh'),
  Cosh: plain('Cosh'),
  Sinh: plain('Sinh'),
  Tan: plain('Tan'),
  Expm1: real(expm1),
  Log1p: real(log1p),
  IsNan: real(isNan),
  IsInf: real(isInfinite),
  IsFinite: real((g, x) => unary(g, 'Not', binary(g, 'Or', isNan(g, x), isInfinite(g, x), 'bool'))),
  Selu: real((g, x) => g.node('Selu', [x], [x.shape, 'float32'], {attributes: selu})),
  // y = elu(x): dy · (y + 1) below zero, dy above.
  EluGrad: (g, inputs) => {
    const [dy, y] = [required(inputs, 'dy'), required(inputs, 'y')];
    const below = binary(g, 'Mul', dy, binary(g, 'Add', y, scalar(g, 1, y)));
    return choose(g, binary(g, 'GreaterOrEqual', y, scalar(g, 0, y), 'bool'), dy, below, y.shape);
  },
  LinSpace: (g, _, {start, stop, num}) => {
    const [from, to, count] = [start as number, stop as number, num as number];
    const step = (to - from) / (count - 1);
    const data = Float32Array.from({length: count}, (__, at) => from + (count === 1 ? 0 : at * step));
    return g.constant([count], 'float32', data);
  },
};
