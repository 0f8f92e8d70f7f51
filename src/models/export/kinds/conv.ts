import {denseLayer, outputLayer} from '../output-layer.ts';
import type {StudentKind} from '../student-kind.ts';

/** models/students/conv.ts: gated convolutions with residual connections, as products over shifted copies. */
export default {
  states: (graph, precision, {parameters: p}, {ids, mask}) => {
    const {op} = graph;
    const onTokens = op('Unsqueeze', [mask, graph.ints([2])]);
    let states = op('Mul', [precision.dense(graph, precision.rows(graph, p['embedding']!, ids), denseLayer(p, 'input')), onTokens]); // prettier-ignore
    const hidden = p['input.bias']!.data.length;
    const [axis, first] = [graph.ints([1]), graph.ints([0])];
    for (let layer = 0; p[`convolution${layer}.kernel`]; layer++) {
      const weights = denseLayer(p, `convolution${layer}`);
      const reach = (weights.inputs / hidden - 1) / 2;
      const padded = op('Pad', [states, graph.ints([0, reach, 0, 0, reach, 0])]);
      // Copy s starts s tokens later and ends 2·reach − s before the end; the last has nothing to lose.
      const copies = Array.from({length: 2 * reach + 1}, (_, shift) => {
        const end = shift === 2 * reach ? graph.ints([Number.MAX_SAFE_INTEGER]) : graph.ints([shift - 2 * reach]);
        return op('Slice', [padded, shift === 0 ? first : graph.ints([shift]), end, axis]);
      });
      const both = precision.dense(graph, op('Concat', copies, {axis: 2}), weights);
      const half = (from: number): string => op('Slice', [both, graph.ints([from]), graph.ints([from + hidden]), graph.ints([2])]); // prettier-ignore
      const added = op('Mul', [half(0), op('Sigmoid', [half(hidden)])]);
      states = op('Mul', [op('Add', [states, added]), onTokens]);
    }
    return {states, dim: hidden};
  },
  projection: ({parameters}) => outputLayer(parameters),
  // Its CNN module has other convolutions, without gates.
  modules: () => null,
} satisfies StudentKind;
