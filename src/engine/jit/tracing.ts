import type * as tf from '@tensorflow/tfjs-core';
import type {Source} from '../differentiate.ts';
import {gatherRows} from '../lookups.ts';
import {fillMask} from '../masks.ts';
import type {Batch, HostTensor} from '../types.ts';
import type {NamedValue} from './emit.ts';
import type {GraphBuilder, Value} from './graph.ts';
import type {RecordingBackend} from './recording-backend.ts';

/** An input that the host fills before every run: a mask, or rows of a table. */
export interface Filled {
  readonly name: string;
  readonly shape: readonly number[];
  readonly fill: (data: Float32Array, batch: Batch, step: number) => void;
}

export interface RowOutput {
  readonly table: string;
  readonly entry: string;
  readonly name: string;
}

/** What a trace sees: symbolic parameters, batch and progress, and the sources of masks and rows. */
export interface Tracing {
  readonly graph: GraphBuilder;
  readonly parameters: Readonly<Record<string, tf.Tensor>>;
  readonly batch: Readonly<Record<string, tf.Tensor>>;
  readonly progress: tf.Scalar;
  readonly source: Source;
  readonly valueOf: (tensor: tf.Tensor) => Value;
  readonly tensor: (value: Value) => tf.Tensor;
}

/** What a trace is to compute, by name; `check`, where there is one, looks once more at the function and throws. */
export interface Recorded {
  readonly outputs: readonly {readonly name: string; readonly tensor: tf.Tensor}[];
  readonly check?: () => void;
}

export interface TraceOptions {
  readonly parameters: Readonly<Record<string, HostTensor>>;
  /** The parameters that become inputs. */
  readonly names: readonly string[];
  readonly batch: Batch;
  readonly seed: number;
  readonly record: (tracing: Tracing) => Recorded;
}

export interface Traced {
  readonly outputs: readonly NamedValue[];
  readonly rows: readonly RowOutput[];
  readonly filled: ReadonlyMap<string, Filled>;
  readonly check: (() => void) | undefined;
}

// Made out here, because a function that is made inside a trace keeps all of the trace alive.
const maskFiller =
  (rate: number, seed: number, call: number): Filled['fill'] =>
  (data, _, step) =>
    fillMask(data, rate, seed, step, call);

const rowFiller =
  ({shape, data: rows}: HostTensor, table: string, entry: string): Filled['fill'] =>
  (data, batch) =>
    gatherRows(rows, shape.at(-1)!, batch[entry]!.data as Int32Array, data, table);

/** Records a model function for one combination of batch shapes; to be called inside `backend.trace`. */
export const recordStep = (backend: RecordingBackend, graph: GraphBuilder, options: TraceOptions): Traced => {
  const {parameters, names, batch, seed} = options;
  const filled = new Map<string, Filled>();
  const rows: (RowOutput & {value: Value})[] = [];
  const filledInput = (input: Filled): tf.Tensor => {
    filled.set(input.name, input);
    return backend.tensor(graph.input(input.name, input.shape, 'float32'));
  };
  const source: Source = {
    mask: (call, shape, rate) => filledInput({name: `mask ${call}`, shape, fill: maskFiller(rate, seed, call)}),
    rows: (table, entry, shape) =>
      filledInput({name: `rows ${table} ${entry}`, shape, fill: rowFiller(parameters[table]!, table, entry)}),
    rowGradient: (table, entry, gradient) => {
      rows.push({table, entry, name: `d rows ${table} ${entry}`, value: backend.valueFor(gradient.dataId)});
    },
  };
  const symbolic = (kind: string, name: string, shape: readonly number[], dtype: 'float32' | 'int32'): tf.Tensor =>
    backend.tensor(graph.input(`${kind} ${name}`, shape, dtype));
  const {outputs, check} = options.record({
    graph,
    parameters: Object.fromEntries(names.map(name => [name, symbolic('p', name, parameters[name]!.shape, 'float32')])),
    batch: Object.fromEntries(
      Object.entries(batch).map(([name, {shape, dtype}]) => [name, symbolic('b', name, shape, dtype)]),
    ),
    progress: backend.tensor(graph.input('progress', [], 'float32')) as tf.Scalar,
    source,
    valueOf: tensor => backend.valueFor(tensor.dataId),
    tensor: value => backend.tensor(value),
  });
  const values = outputs.map(({name, tensor}) => ({name, value: backend.valueFor(tensor.dataId)}));
  return {
    outputs: [...values, ...rows.map(({name, value}) => ({name, value}))],
    rows: rows.map(({table, entry, name}) => ({table, entry, name})),
    filled,
    check,
  };
};
