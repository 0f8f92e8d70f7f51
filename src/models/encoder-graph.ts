import type {HostTensor} from '../engine/types.ts';
import type {OnnxModel, OnnxNode, OnnxTensor} from '../io/onnx.ts';
import type {EncoderConfig} from './encoder-config.ts';

export interface EncoderGraphOptions {
  readonly config: EncoderConfig;
  /** By the names of `encoderShapes`. */
  readonly parameters: Readonly<Record<string, HostTensor>>;
  /** Vectors of length 1. */
  readonly normalize: boolean;
  /** What beside `vector` is given: the states of the last layer, or a vector of every layer, the embeddings first. */
  readonly also?: 'states' | 'layers';
  /** A second input of token types, for pairs of texts. */
  readonly pairs?: boolean;
}

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
const fused = new Set([
  ...['SkipLayerNormalization', 'Attention', 'BiasGelu', 'FastGelu'],
  ...['DynamicQuantizeMatMul', 'MatMulIntegerToFloat', 'QAttention', 'MatMulNBits', 'MultiHeadAttention'],
]);

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
}

const denseFloat: Dense = (graph, input, {name, inputs, outputs, kernel, bias}) => {
  const product = graph.op('MatMul', [input, graph.floats(`${name}.kernel`, [inputs, outputs], kernel)]);
  return bias ? graph.op('Add', [product, graph.floats(`${name}.bias`, [outputs], bias)]) : product;
};

/**
 * A BERT encoder (Devlin et al. 2018) as an ONNX graph of ONNX Runtime's fused operators, with pooling.
 *
 * Inputs: `ids` int32 [batch, token], texts at the left, anything below the vocabulary as padding; `lengths` int32
 * [batch]; `weights` float32 [batch, token], what each token's state counts in the vector: 1/length for the mean, 1 on
 * the first token for its state, 0 on padding; with `pairs`, `types` int32 [batch, token].
 * Outputs: `vector` float32 [batch, width]; `states` [batch, token, width] or `layers` [batch, layer, width] if asked for.
 */
export const encoderGraph = (options: EncoderGraphOptions, dense: Dense = denseFloat): OnnxModel => {
  const {config, parameters, normalize, also, pairs = false} = options;
  const {width, layers} = config;
  const graph = createEncoderBuilder();
  const {op} = graph;
  const data = (name: string): Float32Array => parameters[name]!.data;
  const weight = (name: string): string => graph.floats(name, parameters[name]!.shape, data(name));
  const epsilon = {float: config.epsilon};

  let states = embeddings(graph, options, weight);
  const all = [states];
  for (let layer = 0; layer < layers; layer++) {
    const at = `encoder.layer.${layer}`;
    const apply = (input: string, name: string, inputs: number, outputs: number, withBias: boolean): string =>
      dense(graph, input, {
        ...{name: `${at}.${name}`, inputs, outputs},
        kernel: transposed(parameters[`${at}.${name}.weight`]!),
        bias: withBias ? data(`${at}.${name}.bias`) : null,
      });
    const addNorm = (input: string, skip: string, name: string): string =>
      op(
        'SkipLayerNormalization',
        [
          input,
          skip,
          weight(`${at}.${name}.LayerNorm.weight`),
          weight(`${at}.${name}.LayerNorm.bias`),
          weight(`${at}.${name}.dense.bias`),
        ],
        {epsilon},
      );
    const context = attention(graph, options, states, at);
    states = addNorm(apply(context, 'attention.output.dense', width, width, false), states, 'attention.output');
    const hidden = activation(graph, config, apply(states, 'intermediate.dense', width, config.inner, false), weight(`${at}.intermediate.dense.bias`)); // prettier-ignore
    states = addNorm(apply(hidden, 'output.dense', config.inner, width, false), states, 'output');
    all.push(states);
  }

  const rows = op('Unsqueeze', ['weights', graph.ints([1])]); // [batch, 1, token]
  const pool = (of: string): string => op('MatMul', [rows, of]); // [batch, 1, width]
  const vectors = also === 'layers' ? all.map(pool) : [pool(states)];
  const finished = (vector: string, as?: string): string =>
    normalize ? op('LpNormalization', [vector], {axis: -1, p: 2}, as) : as ? op('Identity', [vector], {}, as) : vector;
  finished(op('Squeeze', [vectors.at(-1)!, graph.ints([1])]), 'vector');
  if (also === 'layers') finished(op('Concat', vectors, {axis: 1}), 'layers');
  if (also === 'states') op('Identity', [states], {}, 'states');

  const perToken = ['batch', 'token'];
  return {
    ...{name: 'encoder', opset: 17, nodes: graph.nodes, initializers: graph.initializers},
    inputs: [
      {name: 'ids', dtype: 'int32', shape: perToken},
      {name: 'lengths', dtype: 'int32', shape: ['batch']},
      {name: 'weights', dtype: 'float32', shape: perToken},
      ...(pairs ? [{name: 'types', dtype: 'int32' as const, shape: perToken}] : []),
    ],
    outputs: [
      {name: 'vector', dtype: 'float32', shape: ['batch', width]},
      ...(also === 'states' ? [{name: 'states', dtype: 'float32' as const, shape: [...perToken, width]}] : []),
      ...(also === 'layers' ? [{name: 'layers', dtype: 'float32' as const, shape: ['batch', layers + 1, width]}] : []),
    ],
  };
};

type Weight = (name: string) => string;

const embeddings = (
  graph: EncoderBuilder,
  {config, parameters, pairs}: EncoderGraphOptions,
  weight: Weight,
): string => {
  const {width, positions, tokenTypes, epsilon} = config;
  const position = parameters['embeddings.position_embeddings.weight']!.data;
  const typed = tokenTypes > 0;
  // A text by itself is all of token type 0, whose embedding is then a part of every position's.
  const type = parameters['embeddings.token_type_embeddings.weight']?.data;
  const summed = type && !pairs ? position.map((value, at) => value + type[at % width]!) : position;
  graph.nodes.push({
    op: 'EmbedLayerNormalization',
    domain: 'com.microsoft',
    inputs: [
      'ids',
      pairs && typed ? 'types' : '',
      weight('embeddings.word_embeddings.weight'),
      graph.floats('positions', [positions, width], summed),
      pairs && typed ? weight('embeddings.token_type_embeddings.weight') : '',
      weight('embeddings.LayerNorm.weight'),
      weight('embeddings.LayerNorm.bias'),
    ],
    // The second output, a mask index, is not optional, though nothing is masked here.
    outputs: ['embedded', 'mask_index'],
    attributes: {epsilon: {float: epsilon}},
  });
  return 'embedded';
};

/** Scaled dot-product attention of all heads, up to where their results stand side by side: [batch, token, width]. */
const attention = (
  graph: EncoderBuilder,
  {config, parameters}: EncoderGraphOptions,
  states: string,
  at: string,
): string => {
  const {width, heads} = config;
  const kernel = new Float32Array(width * 3 * width);
  const bias = new Float32Array(3 * width);
  for (const [index, role] of ['query', 'key', 'value'].entries()) {
    const own = transposed(parameters[`${at}.attention.self.${role}.weight`]!);
    for (let row = 0; row < width; row++) {
      kernel.set(own.subarray(row * width, (row + 1) * width), row * 3 * width + index * width);
    }
    bias.set(parameters[`${at}.attention.self.${role}.bias`]!.data, index * width);
  }
  const inputs = [
    states,
    graph.floats(`${at}.attention.kernel`, [width, 3 * width], kernel),
    graph.floats(`${at}.attention.bias`, [3 * width], bias),
    'lengths',
  ];
  return graph.op('Attention', inputs, {num_heads: heads});
};

const activation = (graph: EncoderBuilder, config: EncoderConfig, input: string, bias: string): string => {
  if (config.activation === 'gelu') return graph.op('BiasGelu', [input, bias]);
  if (config.activation === 'gelu-tanh') return graph.op('FastGelu', [input, bias]);
  return graph.op('Relu', [graph.op('Add', [input, bias])]);
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
