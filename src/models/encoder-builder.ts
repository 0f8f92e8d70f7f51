import type {HostTensor} from '../engine/types.ts';
import type {OnnxNode, OnnxTensor} from '../io/onnx.ts';

type Initializer = OnnxTensor & {readonly name: string};

/** Collects nodes and weights; the products of dense layers are a part of it, because they come in several precisions. */
export interface EncoderBuilder {
  readonly nodes: OnnxNode[];
  readonly initializers: Initializer[];
  /** Adds an operator of one output and returns the output's name. */
  readonly op: (op: string, inputs: readonly string[], attributes?: OnnxNode['attributes'], as?: string) => string;
  readonly floats: (name: string, shape: readonly number[], data: Float32Array) => string;
  readonly ints: (values: readonly number[]) => string;
}

/** Operators that ONNX Runtime has beyond ONNX: several steps of an encoder in one pass over memory. */
const fused = new Set(['MultiHeadAttention', 'BiasGelu', 'FastGelu', 'DynamicQuantizeMatMul']);

export const createEncoderBuilder = (): EncoderBuilder => {
  const nodes: OnnxNode[] = [];
  const initializers: Initializer[] = [];
  return {
    nodes,
    initializers,
    op: (op, inputs, attributes = {}, as = `value_${nodes.length}`) => {
      nodes.push({op, inputs, outputs: [as], attributes, ...(fused.has(op) && {domain: 'com.microsoft'})});
      return as;
    },
    floats: (name, shape, data) => {
      initializers.push({name, dtype: 'float32', shape, data});
      return name;
    },
    ints: values => {
      const name = `ints_${initializers.length}`;
      initializers.push({name, dtype: 'int64', shape: [values.length], data: BigInt64Array.from(values, BigInt)});
      return name;
    },
  };
};

/** A product with a dense layer's kernel, its bias added: [batch, token, inputs] → [batch, token, outputs]. */
export type Dense = (graph: EncoderBuilder, input: string, layer: DenseLayer) => string;

export interface DenseLayer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** [inputs, outputs] */
  readonly kernel: Float32Array;
  /** [outputs]; null: added by the operator that follows. */
  readonly bias: Float32Array | null;
  /** About how large each of the inputs is, where that is known without data: [inputs]. */
  readonly spread?: Float32Array;
}

export const denseFloat: Dense = (graph, input, {name, inputs, outputs, kernel, bias}) => {
  const product = graph.op('MatMul', [input, graph.floats(`${name}.kernel`, [inputs, outputs], kernel)]);
  return bias ? graph.op('Add', [product, graph.floats(`${name}.bias`, [outputs], bias)]) : product;
};

/** [outputs, inputs], as a Linear of PyTorch has it → [inputs, outputs]. */
export const transposed = ({shape, data}: HostTensor): Float32Array => {
  const [rows, columns] = shape as [number, number];
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = data[row * columns + column]!;
  }
  return result;
};
