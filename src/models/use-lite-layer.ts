import type {GraphBuilder} from './graph-builder.ts';
import {useLiteDim, useLiteLayerNames} from './use-lite-weights.ts';

/** Adds a published weight to the graph and returns the name of its value. */
export type WeightOf = (name: string, shape: readonly number[]) => string;

export interface LayerGraph {
  readonly graph: GraphBuilder;
  readonly weight: WeightOf;
  /** int64 [2]: batch, piece. */
  readonly shape: string;
  /** [batch, 1, 1, piece], added to the scores of attention. */
  readonly attentionBias: string;
}

const heads = 4;
const feedForward = 1536;
type Dense = ReturnType<typeof useLiteLayerNames>['projection'];

/** [row, from] · [from, to] + [to]; rows are pieces of all texts, so that each product is one large one. */
export const dense = ({graph, weight}: LayerGraph, input: string, names: Dense, from: number, to: number): string =>
  graph.op('Gemm', [input, weight(names.kernel, [from, to]), weight(names.bias, [to])]);

const norm = (
  {graph, weight}: LayerGraph,
  input: string,
  names: {readonly scale: string; readonly bias: string},
  size: number,
): string =>
  graph.op('LayerNormalization', [input, weight(names.scale, [size]), weight(names.bias, [size])], {
    axis: -1,
    epsilon: {float: 1e-6},
  });

/** Self-attention of one layer, with the norm before it: [batch · piece, width] → [batch · piece, 512]. */
export const attention = (layer: LayerGraph, states: string, index: number, width: number): string => {
  const {op, split, ints, scalar} = layer.graph;
  const names = useLiteLayerNames(index);
  const size = width / heads;
  const projected = dense(layer, norm(layer, states, names.beforeAttention, width), names.projection, width, 3 * width);
  const perHead = op('Concat', [layer.shape, ints([3 * heads, size])], {
    axis: 0,
  });
  const parts = op('Transpose', [op('Reshape', [projected, perHead])], {
    perm: [0, 2, 1, 3],
  });
  // Each [batch, head, piece, size].
  const [query, key, value] = split('Split', [parts, ints([heads, heads, heads])], {axis: 1}, 3) as [
    string,
    string,
    string,
  ];
  const scaled = op('Mul', [query, scalar(1 / Math.sqrt(size))]);
  const products = op('MatMul', [scaled, op('Transpose', [key], {perm: [0, 1, 3, 2]})]);
  const shares = op('Softmax', [op('Add', [products, layer.attentionBias])], {
    axis: -1,
  });
  const context = op('Transpose', [op('MatMul', [shares, value])], {
    perm: [0, 2, 1, 3],
  });
  return dense(layer, op('Reshape', [context, ints([-1, width])]), names.joined, width, useLiteDim);
};

/** The first half of the feed-forward network, with the norm before it: [batch · piece, 512] → [batch · piece, 1536]. */
export const widen = (layer: LayerGraph, states: string, index: number): string => {
  const names = useLiteLayerNames(index);
  const input = norm(layer, states, names.beforeFeedForward, useLiteDim);
  return layer.graph.op('Relu', [dense(layer, input, names.widened, useLiteDim, feedForward)]);
};

/** Its second half: [row, 1536] → [row, 512]. */
export const narrow = (layer: LayerGraph, hidden: string, index: number): string =>
  dense(layer, hidden, useLiteLayerNames(index).narrowed, feedForward, useLiteDim);

/** Kernel and bias of `narrow`, where rows are pooled between the two. */
export const narrowWeights = (
  {weight}: LayerGraph,
  index: number,
): {readonly kernel: string; readonly bias: string} => {
  const {kernel, bias} = useLiteLayerNames(index).narrowed;
  return {
    kernel: weight(kernel, [feedForward, useLiteDim]),
    bias: weight(bias, [useLiteDim]),
  };
};
