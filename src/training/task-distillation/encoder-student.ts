import type {BatchInput, Parameters} from '../../engine/types.ts';
import type {Random} from '../../math/random.ts';
import type {EncoderConfig} from '../../models/encoder-config.ts';
import {encoderShapes} from '../../models/encoder-names.ts';
import {saveEncoder} from '../../models/save-encoder.ts';
import type {Task} from '../../tasks/task.ts';
import type {PieceTokenizer} from '../../text/tokenizer.ts';
import {encoderOutputs} from './encoder-outputs.ts';
import type {StateOf} from './encoder-outputs.ts';
import type {PreparedExamples, TaskStudent} from './student.ts';
import {encodeExamples} from './encode-examples.ts';
import type {PieceExample} from './encode-examples.ts';

export interface EncoderStudentOptions {
  readonly config: EncoderConfig;
  readonly tokenizer: PieceTokenizer;
  readonly maxTokens: number;
  readonly task: Task;
  readonly stateOf: StateOf;
  /** Parameters that are not drawn; names of `encoderShapes`. */
  readonly started: Parameters;
  readonly random: Random;
  /** Folder whose tokeniser and config.json the student's folder takes over, the latter with the student's sizes. */
  readonly from: string;
}

/** BERT's initializer_range. */
const spread = 0.02;

/** An encoder's parameters: those that are given, and of the rest weights N(0, .02²), scales 1, shifts 0. */
export const encoderParameters = (
  shapes: ReadonlyMap<string, readonly number[]>,
  started: Parameters,
  random: Random,
): Parameters =>
  Object.fromEntries(
    Array.from(shapes, ([name, shape]) => {
      const given = started[name];
      if (given) return [name, given];
      const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
      // By name, so that a tensor starts the same whichever others are given.
      const own = random.fork(name);
      if (shape.length > 1) data.forEach((_, at) => (data[at] = spread * own.normal()));
      else data.fill(name.endsWith('LayerNorm.weight') ? 1 : 0);
      return [name, {shape, data}];
    }),
  );

/** [row, token] of pieces, padded: what encoders read. */
export const pieceBatch = (
  examples: readonly PieceExample[],
  {rows, tokens}: {readonly rows: number; readonly tokens: number},
): Record<'ids' | 'types' | 'mask', BatchInput> => {
  const [ids, types] = [new Int32Array(rows * tokens), new Int32Array(rows * tokens)];
  const mask = new Float32Array(rows * tokens);
  for (const [row, example] of examples.entries()) {
    ids.set(example.ids, row * tokens);
    types.set(example.types, row * tokens);
    mask.fill(1, row * tokens, row * tokens + example.ids.length);
  }
  const shape = [rows, tokens];
  return {
    ids: {dtype: 'int32', shape, data: ids},
    types: {dtype: 'int32', shape, data: types},
    mask: {dtype: 'float32', shape, data: mask},
  };
};

/** An encoder of any shape with a pooler and a head, reading the teacher's pieces. */
export const encoderStudent = (options: EncoderStudentOptions): TaskStudent => {
  const {config, tokenizer, task, stateOf, maxTokens} = options;
  const parts = {pooler: true, labels: task.kind === 'classification' ? task.labels.length : 1};
  return {
    facts: {model: 'encoder', layers: config.layers, width: config.width, heads: config.heads},
    table: 'embeddings.word_embeddings.weight',
    batchAxis: 0,
    initial: encoderParameters(encoderShapes(config, parts), options.started, options.random),
    maxTokens,
    prepare: (examples): PreparedExamples => {
      const encoded = encodeExamples(tokenizer, examples, maxTokens);
      return {
        lengths: encoded.map(({ids}) => ids.length),
        batch: (members, shape) =>
          pieceBatch(
            members.map(at => encoded[at]!),
            shape,
          ),
      };
    },
    forward: (p, batch, ctx, {scores}) => encoderOutputs(p, batch, ctx, {config, stateOf, scores}),
    save: (folder, parameters) =>
      saveEncoder(folder, {
        parameters,
        parts,
        from: options.from,
        changes: {
          ...{num_hidden_layers: config.layers, hidden_size: config.width, num_attention_heads: config.heads},
          ...{intermediate_size: config.inner, type_vocab_size: config.tokenTypes},
          ...(task.kind === 'classification' && {
            id2label: Object.fromEntries(task.labels.entries()),
            label2id: Object.fromEntries(task.labels.map((label, at) => [label, at])),
          }),
        },
      }),
  };
};
