import type {Batch, ModelContext, Parameters, Tensors} from '../../engine/types.ts';
import type {TaskFacts, TaskOutputs} from '../../methods/task-method.ts';
import type {Example} from '../../tasks/task.ts';

/** What of a student's insides a method asks for; attention scores cost a product a layer. */
export interface Wants {
  readonly scores: boolean;
}

/** Examples as a student reads them. */
export interface PreparedExamples {
  /** Tokens of each, of the longer text for pairs that are read one by one. */
  readonly lengths: readonly number[];
  /** Entries `ids` and what else the student's forward pass reads, for these examples and empty rows behind them. */
  batch(members: readonly number[], shape: {readonly rows: number; readonly tokens: number}): Batch;
}

/** A network that learns a task: an encoder with a head on its first token, or a BiLSTM with a head on its sentence vectors. */
export interface TaskStudent {
  readonly facts: TaskFacts['student'];
  /** Its embedding table, of which steps update the rows that they look up; perturbation changes what is looked up. */
  readonly table: string;
  /** Axis of examples in looked-up rows. */
  readonly batchAxis: number;
  readonly initial: Parameters;
  /** Most tokens of an example. */
  readonly maxTokens: number;
  prepare(examples: readonly Example[]): PreparedExamples;
  forward(p: Tensors, batch: Tensors, ctx: ModelContext, wants: Wants): TaskOutputs;
  /** Writes the student as a folder that `openTaskModel` reads. */
  save(folder: string, parameters: Parameters): void;
}
