import type {OnnxModel} from '../io/onnx.ts';
import {createEncoderBuilder, denseFloat, transposed} from './encoder-builder.ts';
import type {Dense, DenseLayer} from './encoder-builder.ts';
import type {EncoderGraphOptions} from './encoder-graph-options.ts';
import {activation, attention, embeddings, sequenceHead} from './encoder-graph-parts.ts';

/** About how large each dimension of a layer norm's results is: |mean| + standard deviation, [width]. */
const spreadOf = (parameters: EncoderGraphOptions['parameters'], norm: string): Float32Array => {
  const gamma = parameters[`${norm}.weight`]!.data;
  return Float32Array.from(parameters[`${norm}.bias`]!.data, (beta, at) => Math.abs(beta) + Math.abs(gamma[at]!));
};

/**
 * A BERT encoder (Devlin et al. 2018) as an ONNX graph of ONNX Runtime's fused operators, with pooling.
 *
 * Inputs: `ids` int32 [batch, token], texts at the left, anything below the vocabulary as padding; `lengths` int32
 * [batch]; `weights` float32 [batch, token], what each token's state counts in the vector: 1/length for the mean, 1 on
 * the first token for its state, 0 on padding; with `pairs`, `types` int32 [batch, token].
 * Outputs: `vector` float32 [batch, width]; `states` [batch, token, width] or `layers` [batch, layer, width] if asked for, and with
 * `labels` the `logits` [batch, label], whatever the weights are.
 */
export const encoderGraph = (options: EncoderGraphOptions, dense: Dense = denseFloat): OnnxModel => {
  const {config, parameters, normalize, also, labels, pairs = false} = options;
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
    const apply = (input: string, name: string, shape: readonly [number, number], more: Partial<DenseLayer>): string =>
      dense(graph, input, {
        ...{name: `${at}.${name}`, inputs: shape[0], outputs: shape[1]},
        kernel: transposed(parameters[`${at}.${name}.weight`]!),
        bias: data(`${at}.${name}.bias`),
        ...more,
      });
    // Two operators, because SkipLayerNormalization, which is both in one, takes nine times as long on CPUs.
    const addNorm = (input: string, skip: string, name: string): string => {
      const [gamma, beta] = ['weight', 'bias'].map(part => weight(`${at}.${name}.LayerNorm.${part}`)) as [
        string,
        string,
      ];
      return op('LayerNormalization', [op('Add', [input, skip]), gamma, beta], {axis: -1, epsilon});
    };
    const context = attention(graph, options, dense, states, at);
    states = addNorm(apply(context, 'attention.output.dense', [width, width], {}), states, 'attention.output');
    const spread = spreadOf(parameters, `${at}.attention.output.LayerNorm`);
    const inner = apply(states, 'intermediate.dense', [width, config.inner], {bias: null, spread});
    const hidden = activation(graph, config, inner, weight(`${at}.intermediate.dense.bias`));
    states = addNorm(apply(hidden, 'output.dense', [config.inner, width], {}), states, 'output');
    all.push(states);
  }

  const rows = op('Unsqueeze', ['weights', graph.ints([1])]); // [batch, 1, token]
  const pool = (of: string): string => op('MatMul', [rows, of]); // [batch, 1, width]
  const vectors = also === 'layers' ? all.map(pool) : [pool(states)];
  const finished = (vector: string, as?: string): string =>
    normalize ? op('LpNormalization', [vector], {axis: -1, p: 2}, as) : as ? op('Identity', [vector], {}, as) : vector;
  finished(op('Squeeze', [vectors.at(-1)!, graph.ints([1])]), 'vector');
  if (also === 'layers') finished(op('Concat', vectors, {axis: 1}), 'layers');
  if (labels !== undefined) sequenceHead(graph, options, states);
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
      ...(labels !== undefined ? [{name: 'logits', dtype: 'float32' as const, shape: ['batch', labels]}] : []),
      ...(also === 'layers' ? [{name: 'layers', dtype: 'float32' as const, shape: ['batch', layers + 1, width]}] : []),
    ],
  };
};
