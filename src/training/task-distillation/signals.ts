import {openArrowWriter, readArrow} from '../../io/arrow.ts';
import type {Engine} from '../../engine/types.ts';
import {onePass, planBatches} from '../../models/sentence-batch.ts';
import type {Example, Task} from '../../tasks/task.ts';
import {encodeExamples} from './encode-examples.ts';
import {pieceBatch} from './encoder-student.ts';
import type {StateOf} from './encoder-outputs.ts';
import {openTeacherOutputs} from './teacher.ts';
import type {TaskTeacher} from './teacher.ts';

/**
 * What a teacher says of a task's examples, one vector an example and layer: computed once for all methods, students and
 * seeds, because a frozen teacher without dropout says the same at every step. Row i of each belongs to example i.
 */
export interface Signals {
  readonly stateOf: StateOf;
  /** [example, label] */
  readonly logits: Float32Array;
  readonly outputs: number;
  /** By layer, 0 the embeddings': [example, width]. */
  readonly states: ReadonlyMap<number, Float32Array>;
  readonly width: number;
}

const rows = 32;
const column = (layer: number): string => `layer ${layer}`;

/** Runs the teacher over examples in the order of their lengths, and writes id, logits and a column a layer. */
export const writeSignals = async (options: {
  readonly file: string;
  readonly engine: Engine;
  readonly teacher: TaskTeacher;
  readonly task: Task;
  readonly examples: readonly Example[];
  readonly stateOf: StateOf;
  readonly layers: readonly number[];
  readonly maxTokens: number;
  readonly signal: AbortSignal;
  onBatch(done: number): void;
}): Promise<void> => {
  const {teacher, task, examples, stateOf, layers} = options;
  const outputs = task.kind === 'classification' ? task.labels.length : 1;
  const {width} = teacher.config;
  const logits = new Float32Array(examples.length * outputs);
  const states = layers.map(() => new Float32Array(examples.length * width));
  const maxTokens = Math.min(options.maxTokens, teacher.config.positions);
  const encoded = encodeExamples(teacher.tokenizer, examples, maxTokens);
  const runner = openTeacherOutputs(options.engine, teacher, {logits: true, states: layers, tokens: [], scores: []}, stateOf); // prettier-ignore
  let done = 0;
  for (const {members, tokens} of planBatches(
    encoded.map(({ids}) => ids.length),
    {rows, shapeCost: onePass},
  )) {
    options.signal.throwIfAborted();
    const found = await runner.run(
      pieceBatch(
        members.map(at => encoded[at]!),
        {rows, tokens},
      ),
    );
    for (const [row, at] of members.entries()) {
      logits.set(found['teacher.logits']!.data.subarray(row * outputs, (row + 1) * outputs), at * outputs);
      layers.forEach((layer, of) =>
        states[of]!.set(found[`teacher.state.${layer}`]!.data.subarray(row * width, (row + 1) * width), at * width),
      );
    }
    options.onBatch((done += members.length));
  }
  await runner.close();
  const scores = teacher.sigmoid ? logits.map(value => 1 / (1 + Math.exp(-value))) : logits;
  const writer = openArrowWriter(
    options.file,
    {
      id: 'utf8',
      logits: {float32: outputs},
      ...Object.fromEntries(layers.map(layer => [column(layer), {float32: width}])),
    },
    {metadata: {task: task.name, state: stateOf, layers: layers.join(' ')}},
  );
  const columns = Object.fromEntries(layers.map((layer, of) => [column(layer), states[of]!]));
  await writer.append({id: examples.map(({id}) => id), logits: scores, ...columns});
  await writer.close();
};

/** Reads the signals of these examples, by id; only the layers that are asked for. */
export const readSignals = (
  file: string,
  task: Task,
  examples: readonly Example[],
  layers: readonly number[],
): Signals => {
  const table = readArrow(file);
  const own = table.metadata.get('task');
  if (own !== task.name || !table.columns.includes('logits'))
    throw new Error(`${file} holds what a teacher says of the task "${own ?? 'none'}"; expected "${task.name}". Make it with the stage teacher-signals.`); // prettier-ignore
  const rowOf = new Map(table.strings('id').map((id, at) => [id, at]));
  const order = examples.map(({id}) => {
    const row = rowOf.get(id);
    if (row === undefined) throw new Error(`${file} says nothing of the example ${id} of "${task.name}": it was made of other rows. Give the same train.tsv to both stages.`); // prettier-ignore
    return row;
  });
  const read = (name: string): {dim: number; data: Float32Array} => {
    const vectors = table.vectors(name);
    const data = new Float32Array(order.length * vectors.dim);
    order.forEach((row, at) => data.set(vectors.row(row), at * vectors.dim));
    return {dim: vectors.dim, data};
  };
  const known = (table.metadata.get('layers') ?? '').split(' ').filter(Boolean).map(Number);
  const missing = layers.filter(layer => !known.includes(layer));
  if (missing.length > 0)
    throw new Error(`${file} has the teacher's layers ${known.join(', ') || 'none'}; the method asks for ${missing.join(', ')}. Write layers: all in teacher-signals.`); // prettier-ignore
  const logits = read('logits');
  const states = layers.map(layer => [layer, read(column(layer))] as const);
  return {
    stateOf: (table.metadata.get('state') ?? 'cls') as StateOf,
    ...{logits: logits.data, outputs: logits.dim, width: states[0]?.[1].dim ?? 0},
    states: new Map(states.map(([layer, {data}]) => [layer, data])),
  };
};
