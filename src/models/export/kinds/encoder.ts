import type {Parameters} from '../../../engine/types.ts';
import type {EncoderBuilder} from '../../encoder-builder.ts';
import {denseLayer, outputLayer} from '../output-layer.ts';
import type {StudentKind} from '../student-kind.ts';

const epsilon = 1e-6;
const far = -1e9;

const scalar = (graph: EncoderBuilder, value: number): string =>
  graph.floats(`scalar_${graph.initializers.length}`, [], Float32Array.of(value));

const norm = (graph: EncoderBuilder, p: Parameters, name: string, x: string): string => {
  const weight = (part: string): string => graph.floats(`${name}.${part}`, p[`${name}.${part}`]!.shape, p[`${name}.${part}`]!.data); // prettier-ignore
  return graph.op('LayerNormalization', [x, weight('scale'), weight('shift')], {axis: -1, epsilon: {float: epsilon}});
};

/** Sines and cosines of all places up to the longest text, a tenth of them: [token, hidden]. */
const places = (tokens: number, hidden: number): Float32Array => {
  const half = hidden / 2;
  return Float32Array.from({length: tokens * hidden}, (_, at) => {
    const [token, column] = [Math.floor(at / hidden), at % hidden];
    const angle = token * Math.exp((-Math.log(10_000) / half) * (column % half));
    return 0.1 * (column < half ? Math.sin(angle) : Math.cos(angle));
  });
};

/** models/students/encoder.ts: a Transformer with norms before its sublayers. */
export default {
  states: (graph, precision, {config, parameters: p}, {ids, mask}) => {
    const {op} = graph;
    const hidden = p['last.scale']!.shape[0]!;
    const heads = (config.settings['heads'] as number | undefined) ?? 4;
    const size = hidden / heads;
    const x = precision.dense(graph, precision.rows(graph, p['embedding']!, ids), denseLayer(p, 'input'));
    const tokens = op('Gather', [op('Shape', [x]), graph.ints([1])], {axis: 0});
    // Texts are cut at maxTokens before; what is padded longer has no place to learn from.
    const table = graph.floats('places', [config.maxTokens, hidden], places(config.maxTokens, hidden));
    let states = op('Add', [x, op('Slice', [table, graph.ints([0]), tokens, graph.ints([0])])]);
    const bias = op('Mul', [op('Sub', [scalar(graph, 1), op('Unsqueeze', [mask, graph.ints([1, 2])])]), scalar(graph, far)]); // prettier-ignore
    const perHead = graph.ints([0, 0, heads, size]);
    const whole = graph.ints([0, 0, hidden]);
    for (let layer = 0; p[`layer${layer}.inputs.kernel`]; layer++) {
      const dense = (name: string, input: string): string => precision.dense(graph, input, denseLayer(p, `layer${layer}.${name}`)); // prettier-ignore
      const inputs = dense('inputs', norm(graph, p, `layer${layer}.before`, states));
      const part = (at: number, perm: readonly number[]): string => {
        const own = op('Slice', [inputs, graph.ints([at * hidden]), graph.ints([(at + 1) * hidden]), graph.ints([2])]);
        return op('Transpose', [op('Reshape', [own, perHead])], {perm});
      };
      const scores = op('Mul', [op('MatMul', [part(0, [0, 2, 1, 3]), part(1, [0, 2, 3, 1])]), scalar(graph, 1 / Math.sqrt(size))]); // prettier-ignore
      const weights = op('Softmax', [op('Add', [scores, bias])], {axis: -1});
      const context = op('Transpose', [op('MatMul', [weights, part(2, [0, 2, 1, 3])])], {perm: [0, 2, 1, 3]});
      states = op('Add', [states, dense('context', op('Reshape', [context, whole]))]);
      const wide = dense('wide', norm(graph, p, `layer${layer}.between`, states));
      const erf = op('Erf', [op('Mul', [wide, scalar(graph, Math.SQRT1_2)])]);
      const gelu = op('Mul', [op('Mul', [wide, scalar(graph, 0.5)]), op('Add', [erf, scalar(graph, 1)])]);
      states = op('Add', [states, dense('narrow', gelu)]);
    }
    return {states: norm(graph, p, 'last', states), dim: hidden};
  },
  projection: ({parameters}) => outputLayer(parameters),
  // sentence-transformers has no Transformer with norms before its sublayers and places by sines that is read without code.
  modules: () => null,
} satisfies StudentKind;
