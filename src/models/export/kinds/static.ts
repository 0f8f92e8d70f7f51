import {outputLayer} from '../output-layer.ts';
import type {StudentKind} from '../student-kind.ts';
import {wordEmbeddings} from '../word-embeddings.ts';

/** models/students/static.ts: the weighted sum of embeddings, each token's weight by a gate of its own. */
export default {
  staysInThread: true,
  states: (graph, precision, {parameters: p}, {ids}) => ({
    states: precision.rows(graph, p['embedding']!, ids),
    dim: p['embedding']!.shape[1]!,
  }),
  projection: ({parameters}) => outputLayer(parameters),
  gates: ({parameters: p}) => p['gate']?.data.map(Math.exp) ?? null,
  modules: ({config, parameters: p}) => [wordEmbeddings(p['embedding']!, config.maxTokens)],
} satisfies StudentKind;
