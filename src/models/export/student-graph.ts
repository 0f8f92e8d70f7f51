import type {HostTensor} from '../../engine/types.ts';
import type {OnnxModel} from '../../io/onnx.ts';
import {createEncoderBuilder} from '../encoder-builder.ts';
import type {EncoderBuilder} from '../encoder-builder.ts';
import type {Student} from '../student-folder.ts';
import type {Precision} from './precision.ts';
import type {StudentKind, TokenInputs} from './student-kind.ts';

export interface StudentGraphOptions {
  readonly student: Student;
  readonly kind: StudentKind;
  readonly precision: Precision;
}

// Neither LSTM nor the smallest sum of weights may divide by 0 in a text without tokens.
const least = 1e-9;

/** `weights` [batch, token] (they sum to 1) and states → [batch, dim]; for the pooling `max` they only say where tokens are. */
const pooled = (
  graph: EncoderBuilder,
  {config}: Student,
  states: string,
  {mask, weights}: {mask: string; weights: string},
): string => {
  // prettier-ignore
  const {op} = graph;
  if (config.pooling === 'max') {
    // As in training: states lie in (−1, 1), and padding is put below all of them.
    const one = graph.floats(`one_${graph.initializers.length}`, [], Float32Array.of(1));
    const far = graph.floats(`far_${graph.initializers.length}`, [], Float32Array.of(-2));
    const lowered = op('Mul', [op('Unsqueeze', [op('Sub', [one, mask]), graph.ints([2])]), far]);
    return op('ReduceMax', [op('Add', [states, lowered])], {axes: [1], keepdims: 0});
  }
  if (config.pooling === 'cls')
    return op('Squeeze', [op('Gather', [states, graph.ints([0])], {axis: 1}), graph.ints([1])]);
  const rows = op('Unsqueeze', [weights, graph.ints([1])]); // [batch, 1, token]
  return op('Squeeze', [op('MatMul', [rows, states]), graph.ints([1])]);
};

/** The output layer, where the student has one. */
const projected = (graph: EncoderBuilder, {kind, precision, student}: StudentGraphOptions, input: string): string => {
  const layer = kind.projection(student);
  return layer ? precision.dense(graph, input, layer) : input;
};

/** The input `weights` by the gates of the ids, their sum 1 again. */
const gated = (graph: EncoderBuilder, gates: Float32Array | null): string => {
  if (gates === null) return 'weights';
  const {op} = graph;
  const raw = op('Mul', ['weights', op('Gather', [graph.floats('gates', [gates.length], gates), 'ids'])]);
  const floor = graph.floats('least', [], Float32Array.of(least));
  return op('Div', [raw, op('Max', [op('ReduceSum', [raw, graph.ints([1])], {keepdims: 1}), floor])]);
};

/**
 * From text to vector as fast as can be, for `openEncoderSession`. Inputs: `ids` int32 and `weights` float32 [batch,
 * token], 0 on padding; `lengths` int32 [batch]. Output: `vector` [batch, width]. The states are pooled before the output layer: the
 * weights sum to 1 and it is linear.
 */
export const servingGraph = (options: StudentGraphOptions): OnnxModel => {
  const {kind, precision, student} = options;
  const graph = createEncoderBuilder();
  const mask = graph.op('Cast', [graph.op('Cast', ['weights'], {to: 9})], {to: 1}); // through bool
  const {states} = kind.states(graph, precision, student, {ids: 'ids', lengths: 'lengths', mask});
  const weights = gated(graph, kind.gates?.(student) ?? null);
  const vector = projected(graph, options, pooled(graph, student, states, {mask, weights}));
  graph.op('Identity', [vector], {}, 'vector');
  const perToken = ['batch', 'token'];
  return {
    ...{name: 'student', opset: 17, nodes: graph.nodes, initializers: graph.initializers},
    inputs: [
      {name: 'ids', dtype: 'int32', shape: perToken},
      {name: 'lengths', dtype: 'int32', shape: ['batch']},
      {name: 'weights', dtype: 'float32', shape: perToken},
    ],
    outputs: [{name: 'vector', dtype: 'float32', shape: ['batch', student.config.width]}],
  };
};

/**
 * What other programs run. Inputs, as Hugging Face's exports have them: `input_ids` and `attention_mask` int64 [batch,
 * sequence]. Outputs: `last_hidden_state` [batch, sequence, width], the output layer done for each token, so that any pooling of it
 * has the teacher's width; `sentence_embedding` [batch, width], pooled as the student was trained, with `weightOfId` [id]
 * as each token's weight.
 */
export const portableGraph = (options: StudentGraphOptions & {readonly weightOfId: HostTensor | null}): OnnxModel => {
  const {kind, precision, student, weightOfId} = options;
  const graph = createEncoderBuilder();
  const {op} = graph;
  const mask = op('Cast', ['attention_mask'], {to: 1});
  const count = op('ReduceSum', [mask, graph.ints([1])], {keepdims: 0});
  const inputs: TokenInputs = {ids: 'input_ids', lengths: op('Cast', [count], {to: 6}), mask};
  const {states} = kind.states(graph, precision, student, inputs);
  // Every row of weights is of the file's precision, and they are few: they stay in float32.
  const raw = weightOfId ? op('Mul', [op('Gather', [graph.floats('weight_of_id', weightOfId.shape, weightOfId.data), 'input_ids']), mask]) : mask; // prettier-ignore
  const floor = graph.floats('least', [], Float32Array.of(least));
  const weights = op('Div', [raw, op('Max', [op('ReduceSum', [raw, graph.ints([1])], {keepdims: 1}), floor])]);
  // The vector goes through the output layer as one more token: its weights are in the file once.
  const vector = op('Unsqueeze', [pooled(graph, student, states, {mask, weights}), graph.ints([1])]);
  const all = projected(graph, options, op('Concat', [states, vector], {axis: 1}));
  const last = graph.ints([-1]);
  op('Slice', [all, graph.ints([0]), last, graph.ints([1])], {}, 'last_hidden_state');
  op('Squeeze', [op('Gather', [all, last], {axis: 1}), graph.ints([1])], {}, 'sentence_embedding');
  const perToken = ['batch', 'sequence'];
  return {
    ...{name: 'student', opset: 17, nodes: graph.nodes, initializers: graph.initializers},
    inputs: ['input_ids', 'attention_mask'].map(name => ({name, dtype: 'int64' as const, shape: perToken})),
    outputs: [
      {name: 'last_hidden_state', dtype: 'float32', shape: [...perToken, student.config.width]},
      {name: 'sentence_embedding', dtype: 'float32', shape: ['batch', student.config.width]},
    ],
  };
};
