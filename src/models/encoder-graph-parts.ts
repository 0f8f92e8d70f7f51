import {transposed} from './encoder-builder.ts';
import type {Dense, EncoderBuilder} from './encoder-builder.ts';
import type {EncoderConfig} from './encoder-config.ts';
import type {EncoderGraphOptions} from './encoder-graph-options.ts';

/** The name of a weight in the graph, by its name in the checkpoint. */
type Weight = (name: string) => string;

/** Normed sums of word, position and type embeddings: [batch, token, width]. */
export const embeddings = (
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

/**
 * Scaled dot-product attention of all heads, up to where their results stand side by side: [batch, token, width]. Queries,
 * keys and values are products like all others, which ONNX Runtime's operator Attention would do head by head, in floats.
 */
export const attention = (
  graph: EncoderBuilder,
  {config, parameters}: EncoderGraphOptions,
  dense: Dense,
  states: string,
  at: string,
): string => {
  const {width, heads} = config;
  const roles = ['query', 'key', 'value'].map(role => `${at}.attention.self.${role}`);
  const projected = roles.map(
    name =>
    dense(graph, states, {name, inputs: width, outputs: width, kernel: transposed(parameters[`${name}.weight`]!), bias: null}), // prettier-ignore
  );
  const bias = new Float32Array(3 * width);
  for (const [index, name] of roles.entries()) bias.set(parameters[`${name}.bias`]!.data, index * width);
  const inputs = [...projected, graph.floats(`${at}.attention.bias`, [3 * width], bias), 'lengths'];
  return graph.op('MultiHeadAttention', inputs, {num_heads: heads});
};

/** The activation of `input` + bias. */
export const activation = (graph: EncoderBuilder, config: EncoderConfig, input: string, bias: string): string => {
  if (config.activation === 'gelu') return graph.op('BiasGelu', [input, bias]);
  if (config.activation === 'gelu-tanh') return graph.op('FastGelu', [input, bias]);
  return graph.op('Relu', [graph.op('Add', [input, bias])]);
};

/** BertPooler and a dense layer on the first token's state (BertForSequenceClassification): [batch, token, width] → `logits`. */
export const sequenceHead = (graph: EncoderBuilder, {parameters}: EncoderGraphOptions, states: string): void => {
  const {op} = graph;
  const linear = (input: string, name: string, as?: string): string => {
    const kernel = parameters[`${name}.weight`]!;
    const [outputs, inputs] = kernel.shape as [number, number];
    const product = op('MatMul', [input, graph.floats(`${name}.kernel`, [inputs, outputs], transposed(kernel))]);
    return op('Add', [product, graph.floats(`${name}.bias`, [outputs], parameters[`${name}.bias`]!.data)], {}, as);
  };
  const first = op('Squeeze', [op('Gather', [states, graph.ints([0])], {axis: 1}), graph.ints([1])]);
  linear(op('Tanh', [linear(first, 'pooler.dense')]), 'classifier', 'logits');
};
