import {EngineError} from '../../errors.ts';
import {callerLine} from '../caller-line.ts';
import {type GraphBuilder, sizeOf, type Value} from '../graph.ts';
import {broadcastShape, type Lowerings, required} from '../lowering.ts';
import {activate} from './activations.ts';
import {binary, cast} from './elementwise.ts';

interface Transposed {
  readonly a: boolean;
  readonly b: boolean;
}

const checkInner = (a: Value, b: Value, transposed: Transposed): void => {
  const [inA, inB] = [transposed.a ? -2 : -1, transposed.b ? -1 : -2];
  if (a.shape.length >= 2 && b.shape.length >= 2 && a.shape.at(inA) === b.shape.at(inB)) return;
  const described = (x: Value, axis: number, turned: boolean): string =>
    `[${x.shape.join(', ')}]${turned ? ' (transposed)' : ''}, whose axis ${axis} is ${x.shape.at(axis) ?? 'missing'}`;
  throw new EngineError(
    `A matrix product of ${described(a, inA, transposed.a)}, and ${described(b, inB, transposed.b)}${callerLine()}: these must be equal.`,
  );
};

/** Products of whole numbers: ONNX Runtime has only the plain form. */
const whole = (g: GraphBuilder, a: Value, b: Value, transposed: Transposed, shape: readonly number[]): Value => {
  const turned = (x: Value, yes: boolean): Value => {
    const last = x.shape.length - 1;
    const order = [...x.shape.keys()];
    const given = cast(g, x, 'int32');
    return yes ? g.transpose(given, [...order.slice(0, -2), last, last - 1]) : given;
  };
  return g.node('MatMul', [turned(a, transposed.a), turned(b, transposed.b)], [shape, 'int32']);
};

/** One matrix product: Gemm for matrices, MatMul or FusedMatMul (which transposes while it packs) for stacks of them. */
const product = (g: GraphBuilder, a: Value, b: Value, transposed: Transposed, bias?: Value): Value => {
  const rows = a.shape.at(transposed.a ? -1 : -2)!;
  const columns = b.shape.at(transposed.b ? -2 : -1)!;
  checkInner(a, b, transposed);
  const shape = [...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
  if (a.dtype !== 'float32') return whole(g, a, b, transposed, shape);
  const attributes = {transA: transposed.a ? 1 : 0, transB: transposed.b ? 1 : 0};
  if (sizeOf(a.shape.slice(0, -2)) === 1 && sizeOf(b.shape.slice(0, -2)) === 1) {
    const operands = [g.reshape(a, a.shape.slice(-2)), g.reshape(b, b.shape.slice(-2))];
    if (bias) operands.push(bias);
    return g.reshape(g.node('Gemm', operands, [[rows, columns], 'float32'], {attributes}), shape);
  }
  const plain =
    transposed.a || transposed.b
      ? g.node('FusedMatMul', [a, b], [shape, 'float32'], {attributes, domain: 'com.microsoft'})
      : g.node('MatMul', [a, b], [shape, 'float32']);
  return bias ? binary(g, 'Add', plain, bias) : plain;
};

export const products: Lowerings = {
  BatchMatMul: (g, inputs, {transposeA, transposeB}) =>
    product(g, required(inputs, 'a'), required(inputs, 'b'), {a: Boolean(transposeA), b: Boolean(transposeB)}),
  _FusedMatMul: (g, inputs, attributes) => {
    const {transposeA, transposeB} = attributes;
    const transposed = {a: Boolean(transposeA), b: Boolean(transposeB)};
    const plain = product(g, required(inputs, 'a'), required(inputs, 'b'), transposed, inputs['bias']);
    return activate(g, plain, attributes, inputs['preluActivationWeights'], 'tf.fused.matMul');
  },
};
