/** What an ONNX encoder needs of a graph; `encodeModel` of src/io takes it as it is. */
export interface BuiltGraph {
  readonly nodes: readonly GraphNode[];
  readonly initializers: readonly Initializer[];
}

interface GraphNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

type Attributes = Readonly<Record<string, number | readonly number[] | {readonly float: number}>>;

interface Initializer {
  readonly name: string;
  readonly dtype: 'float32' | 'int64';
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** Collects nodes and constants of a graph and names the values between them. */
export interface GraphBuilder extends BuiltGraph {
  /** Adds an operator with one output and returns the output's name: `as`, or a fresh one. */
  readonly op: (op: string, inputs: readonly string[], attributes?: Attributes, as?: string) => string;
  /** Adds an operator with several outputs. */
  readonly split: (op: string, inputs: readonly string[], attributes: Attributes, count: number) => string[];
  readonly floats: (shape: readonly number[], data: Float32Array) => string;
  readonly scalar: (value: number) => string;
  /** A list of integers; `shape` [] makes one number a scalar. */
  readonly ints: (values: readonly number[], shape?: readonly number[]) => string;
}

export const createGraphBuilder = (): GraphBuilder => {
  const nodes: GraphNode[] = [];
  const initializers: Initializer[] = [];
  const constant = (initializer: Omit<Initializer, 'name'>): string => {
    const name = `constant_${initializers.length}`;
    initializers.push({name, ...initializer});
    return name;
  };
  const split: GraphBuilder['split'] = (op, inputs, attributes, count) => {
    const outputs = Array.from({length: count}, (_, index) => `value_${nodes.length}_${index}`);
    nodes.push({op, inputs, outputs, attributes});
    return outputs;
  };
  return {
    nodes,
    initializers,
    split,
    op: (op, inputs, attributes = {}, as = `value_${nodes.length}`) => {
      nodes.push({op, inputs, outputs: [as], attributes});
      return as;
    },
    floats: (shape, data) => constant({dtype: 'float32', shape, data}),
    scalar: value => constant({dtype: 'float32', shape: [], data: Float32Array.of(value)}),
    ints: (values, shape = [values.length]) =>
      constant({dtype: 'int64', shape, data: BigInt64Array.from(values, value => BigInt(value))}),
  };
};
