import {EngineError} from '../../errors.ts';
import {type GraphBuilder, sizeOf, type Value} from '../graph.ts';
import {broadcastShape, type Lowerings, required} from '../lowering.ts';
import {binary, unary} from './elementwise.ts';

interface Transposed {
  readonly a: boolean;
  readonly b: boolean;
}

/** One matrix product: Gemm for matrices, MatMul or FusedMatMul (which transposes while it packs) for stacks of them. */
const product = (g: GraphBuilder, a: Value, b: Value, transposed: Transposed, bias?: Value): Value => {
  const rows = a.shape.at(transposed.a ? -1 : -2)!;
  const columns = b.shape.at(transposed.b ? -2 : -1)!;
  const shape = [...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
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

const activations: Readonly<Record<string, string>> = {relu: 'Relu', sigmoid: 'Sigmoid', elu: 'Elu'};

export const products: Lowerings = {
  BatchMatMul: (g, inputs, {transposeA, transposeB}) =>
    product(g, required(inputs, 'a'), required(inputs, 'b'), {a: Boolean(transposeA), b: Boolean(transposeB)}),
  _FusedMatMul: (g, inputs, {transposeA, transposeB, activation}) => {
    const transposed = {a: Boolean(transposeA), b: Boolean(transposeB)};
    const plain = product(g, required(inputs, 'a'), required(inputs, 'b'), transposed, inputs['bias']);
    if (activation === undefined || activation === null || activation === 'linear') return plain;
    const name = activation as string;
    const op = activations[name];
    if (!op) throw new EngineError(`The jit has no lowering for tf.fused.matMul with activation "${name}".`);
    return unary(g, op, plain);
  },
};
