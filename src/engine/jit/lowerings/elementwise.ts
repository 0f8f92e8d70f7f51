import {type Dtype, type GraphBuilder, sameShape, type Value} from '../graph.ts';
import {broadcastShape, type Lowering, type Lowerings, required} from '../lowering.ts';

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Max: Math.max,
  Min: Math.min,
};

/** A uniform operand that the other side's shape covers is better read as a scalar. */
const narrow = (g: GraphBuilder, x: Value, other: Value, shape: readonly number[]): Value =>
  x.fill !== null && other.fill === null && x.shape.length > 0 && sameShape(other.shape, shape)
    ? g.fill([], x.fill, x.dtype)
    : x;

/** `x ∘ neutral` is `x`; gradients are full of additions of zero and products with one. */
const simplified = (g: GraphBuilder, op: string, a: Value, b: Value, shape: readonly number[]): Value | null => {
  if (a.fill !== null && b.fill !== null && a.dtype !== 'bool') {
    const fold = arithmetic[op];
    if (fold && !(a.dtype === 'int32' && op === 'Div')) {
      const value = fold(a.fill, b.fill);
      return g.fill(shape, a.dtype === 'float32' ? Math.fround(value) : value, a.dtype);
    }
  }
  const neutral = op === 'Add' || op === 'Sub' ? 0 : op === 'Mul' || op === 'Div' ? 1 : null;
  if (neutral === null) return null;
  if (b.fill === neutral && sameShape(a.shape, shape)) return a;
  if (a.fill === neutral && (op === 'Add' || op === 'Mul') && sameShape(b.shape, shape)) return b;
  return null;
};

export const binary = (g: GraphBuilder, op: string, a: Value, b: Value, dtype: Dtype = a.dtype): Value => {
  const shape = broadcastShape(a.shape, b.shape);
  return simplified(g, op, a, b, shape) ?? g.node(op, [narrow(g, a, b, shape), narrow(g, b, a, shape)], [shape, dtype]);
};

export const unary = (g: GraphBuilder, op: string, x: Value): Value => g.node(op, [x], [x.shape, x.dtype]);

export const cast = (g: GraphBuilder, x: Value, dtype: Dtype): Value => {
  if (x.dtype === dtype) return x;
  if (x.fill !== null) {
    const value = dtype === 'bool' ? Number(x.fill !== 0) : dtype === 'float32' ? x.fill : Math.trunc(x.fill);
    return g.fill(x.shape, value, dtype);
  }
  return g.node('Cast', [x], [x.shape, dtype], {attributes: {to: {float32: 1, int32: 6, int64: 7, bool: 9}[dtype]}});
};

const binaryKernel =
  (op: string, dtype?: Dtype): Lowering =>
  (g, inputs) =>
    binary(g, op, required(inputs, 'a'), required(inputs, 'b'), dtype);

/** What these do to whole numbers is nothing, and ONNX has them for no others than floats. */
const roundings = new Set(['Ceil', 'Floor', 'Round']);
/** The rest takes floats, and whole numbers become floats first, as in TensorFlow.js. */
const ofAnyNumber = new Set(['Abs', 'Neg', 'Not', 'Relu', 'Sign']);

const unaryKernel =
  (op: string, options: {alpha?: string} = {}): Lowering =>
  (g, inputs, attributes) => {
    const given = required(inputs, 'x');
    if (given.dtype !== 'float32' && roundings.has(op)) return given;
    const x = ofAnyNumber.has(op) ? given : cast(g, given, 'float32');
    if (!options.alpha) return unary(g, op, x);
    return g.node(op, [x], [x.shape, x.dtype], {attributes: {alpha: {float: attributes[options.alpha] as number}}});
  };

/** Kernels that ONNX has under one name, with one input. */
const sameMeaning = {
  Abs: 'Abs', Ceil: 'Ceil', Cos: 'Cos', Elu: 'Elu', Erf: 'Erf', Exp: 'Exp', Floor: 'Floor', Log: 'Log', LogicalNot: 'Not', Neg: 'Neg',
  Reciprocal: 'Reciprocal', Relu: 'Relu', Round: 'Round', Sigmoid: 'Sigmoid', Sin: 'Sin', Softplus: 'Softplus',
  Sqrt: 'Sqrt', Tanh: 'Tanh',
}; // prettier-ignore

export const elementwise: Lowerings = {
  ...Object.fromEntries(Object.entries(sameMeaning).map(([kernel, op]) => [kernel, unaryKernel(op)])),
  Add: binaryKernel('Add'),
  Sub: binaryKernel('Sub'),
  Multiply: binaryKernel('Mul'),
  RealDiv: binaryKernel('Div'),
  Maximum: binaryKernel('Max'),
  Minimum: binaryKernel('Min'),
  Pow: binaryKernel('Pow'),
  Equal: binaryKernel('Equal', 'bool'),
  Greater: binaryKernel('Greater', 'bool'),
  GreaterEqual: binaryKernel('GreaterOrEqual', 'bool'),
  Less: binaryKernel('Less', 'bool'),
  LessEqual: binaryKernel('LessOrEqual', 'bool'),
  LogicalAnd: binaryKernel('And', 'bool'),
  LogicalOr: binaryKernel('Or', 'bool'),
  NotEqual: (g, inputs) => unary(g, 'Not', binary(g, 'Equal', required(inputs, 'a'), required(inputs, 'b'), 'bool')),
  SquaredDifference: (g, inputs) => {
    const difference = binary(g, 'Sub', required(inputs, 'a'), required(inputs, 'b'));
    return binary(g, 'Mul', difference, difference);
  },
  AddN: (g, inputs) => Object.values(inputs).reduce((sum, next) => binary(g, 'Add', sum, next)),
  Square: (g, inputs) => binary(g, 'Mul', required(inputs, 'x'), required(inputs, 'x')),
  Rsqrt: (g, inputs) => unary(g, 'Reciprocal', unary(g, 'Sqrt', required(inputs, 'x'))),
  // ONNX's sign of NaN is NaN, TensorFlow.js's is 0.
  Sign: (g, inputs) => {
    const x = required(inputs, 'x');
    const sign = unary(g, 'Sign', x);
    if (x.dtype !== 'float32') return sign;
    return g.node('Where', [g.node('IsNaN', [x], [x.shape, 'bool']), g.fill([], 0), sign], [x.shape, 'float32']);
  },
  LeakyRelu: unaryKernel('LeakyRelu', {alpha: 'alpha'}),
  Relu6: (g, inputs) => clip(g, required(inputs, 'x'), 0, 6),
  ClipByValue: (g, inputs, {clipValueMin, clipValueMax}) =>
    clip(g, required(inputs, 'x'), clipValueMin as number, clipValueMax as number),
  // tfjs: alpha where x ≤ 0 (0 unless told otherwise), 1 above.
  Step: (g, inputs, {alpha}) => {
    const given = required(inputs, 'x');
    const x = cast(g, given, 'float32');
    const positive = binary(g, 'Greater', x, g.fill([], 0), 'bool');
    if (!alpha) return cast(g, positive, given.dtype);
    const chosen = g.node('Where', [positive, g.fill([], 1), g.fill([], alpha as number)], [x.shape, 'float32']);
    return cast(g, chosen, given.dtype);
  },
  Cast: (g, inputs, {dtype}) => cast(g, required(inputs, 'x'), dtype as Dtype),
  Select: (g, inputs) => {
    const [condition, t, e] = [required(inputs, 'condition'), required(inputs, 't'), required(inputs, 'e')];
    // tfjs lets a vector choose whole rows; ONNX would broadcast it along the last axis.
    const rows = [...condition.shape, ...t.shape.slice(condition.shape.length).map(() => 1)];
    return g.node('Where', [g.reshape(condition, rows), t, e], [t.shape, t.dtype]);
  },
};

const clip = (g: GraphBuilder, x: Value, low: number, high: number): Value =>
  g.node('Clip', [x, g.fill([], low, x.dtype), g.fill([], high, x.dtype)], [x.shape, x.dtype]);
