import type * as tf from '@tensorflow/tfjs-core';
import type * as ort from 'onnxruntime-node';
import {onBackend} from '../backend.ts';
import {shapeKey} from '../batch.ts';
import type {Source} from '../differentiate.ts';
import {gatherRows} from '../lookups.ts';
import {fillMask} from '../masks.ts';
import type {Batch, HostTensor} from '../types.ts';
import {backendName, recordingBackend} from './backend.ts';
import {emitModel, type NamedValue} from './emit.ts';
import {type GraphBuilder, type GraphNode, sizeOf, type Value} from './graph.ts';
import {checkMemory, isOutOfMemory, type MemoryNeed, memoryNeed, outOfMemory} from './memory-need.ts';
import {hostTensor, openSession, type Session} from './session.ts';

/** An input that the host fills before every run. */
interface Filled {
  readonly name: string;
  readonly tensor: ort.Tensor;
  readonly fill: (batch: Batch, step: number) => void;
}

export interface RowOutput {
  readonly table: string;
  readonly entry: string;
  readonly name: string;
}

/** One model function traced for one combination of batch shapes. */
export interface Compiled {
  readonly session: Session;
  readonly need: MemoryNeed;
  /** Masks and looked-up rows. */
  readonly filled: readonly Filled[];
  readonly outputs: readonly {readonly name: string; readonly shape: readonly number[]}[];
  readonly rows: readonly RowOutput[];
}

/** What `record` sees of a trace: symbolic parameters, batch and progress, and the sources of masks and rows. */
export interface Tracing {
  readonly graph: GraphBuilder;
  readonly parameters: Readonly<Record<string, tf.Tensor>>;
  readonly batch: Readonly<Record<string, tf.Tensor>>;
  readonly progress: tf.Scalar;
  readonly source: Source;
  readonly valueOf: (tensor: tf.Tensor) => Value;
  readonly tensor: (value: Value) => tf.Tensor;
}

export interface CompileOptions {
  readonly parameters: Readonly<Record<string, HostTensor>>;
  /** The parameters that become inputs. */
  readonly names: readonly string[];
  readonly batch: Batch;
  readonly seed: number;
  readonly threads: number;
  /** Traces the function and says what to compute, by name. */
  readonly record: (tracing: Tracing) => readonly {readonly name: string; readonly tensor: tf.Tensor}[];
}

/** Traces, emits and loads; nothing symbolic survives it. */
export const compile = async (options: CompileOptions): Promise<Compiled> => {
  const {parameters, names, batch, seed, threads} = options;
  const backend = recordingBackend();
  const filled = new Map<string, Filled>();
  const rows: (RowOutput & {value: Value})[] = [];

  const record = (graph: GraphBuilder): readonly NamedValue[] => {
    const source: Source = {
      mask: (call, shape, rate) => {
        const name = `mask ${call}`;
        const data = new Float32Array(sizeOf(shape));
        const fill: Filled['fill'] = (_, step) => fillMask(data, rate, seed, step, call);
        filled.set(name, {name, tensor: hostTensor('float32', shape, data), fill});
        return backend.tensor(graph.input(name, shape, 'float32'));
      },
      rows: (table, entry, shape) => {
        const name = `rows ${table} ${entry}`;
        const data = new Float32Array(sizeOf(shape));
        const fill: Filled['fill'] = current =>
          gatherRows(parameters[table]!.data, shape.at(-1)!, current[entry]!.data as Int32Array, data, table);
        filled.set(name, {name, tensor: hostTensor('float32', shape, data), fill});
        return backend.tensor(graph.input(name, shape, 'float32'));
      },
      rowGradient: (table, entry, gradient) => {
        rows.push({table, entry, name: `d rows ${table} ${entry}`, value: backend.valueFor(gradient.dataId)});
      },
    };
    const symbolic = (kind: string, name: string, shape: readonly number[], dtype: 'float32' | 'int32'): tf.Tensor =>
      backend.tensor(graph.input(`${kind} ${name}`, shape, dtype));
    const results = options.record({
      graph,
      parameters: Object.fromEntries(
        names.map(name => [name, symbolic('p', name, parameters[name]!.shape, 'float32')]),
      ),
      batch: Object.fromEntries(
        Object.entries(batch).map(([name, {shape, dtype}]) => [name, symbolic('b', name, shape, dtype)]),
      ),
      progress: backend.tensor(graph.input('progress', [], 'float32')) as tf.Scalar,
      source,
      valueOf: tensor => backend.valueFor(tensor.dataId),
      tensor: value => backend.tensor(value),
    });
    return [...results.map(({name, tensor}) => ({name, value: backend.valueFor(tensor.dataId)})), ...rows];
  };
  const outputs = await onBackend(backendName, () => backend.trace(record));
  const order: GraphNode[] = [];
  const model = emitModel('step', outputs, node => order.push(node));
  const need = memoryNeed(order, outputs.map(({value}) => value)); // prettier-ignore
  checkMemory(need, shapeKey(batch));
  const session = await openSession(model, threads);
  return {
    session,
    need,
    filled: [...filled.values()],
    outputs: outputs.map(({name, value}) => ({name, shape: value.shape})),
    rows: rows.map(({table, entry, name}) => ({table, entry, name})),
  };
};

/** The feeds that a compiled function reads; `parameters` are tensors over the live arrays. */
export const feedsOf = (
  compiled: Compiled,
  parameters: Readonly<Record<string, ort.Tensor>>,
  batch: Batch,
  progress: number,
  step: number,
): Record<string, ort.Tensor> => {
  const feeds: Record<string, ort.Tensor> = {};
  const wanted = new Set(compiled.session.inputNames);
  for (const {name, tensor, fill} of compiled.filled) {
    if (!wanted.has(name)) continue;
    fill(batch, step);
    feeds[name] = tensor;
  }
  for (const name of wanted) {
    if (name.startsWith('p ')) feeds[name] = parameters[name.slice(2)]!;
    else if (name.startsWith('b ')) {
      const {dtype, shape, data} = batch[name.slice(2)]!;
      feeds[name] = hostTensor(dtype, shape, data);
    } else if (name === 'progress') feeds[name] = hostTensor('float32', [], Float32Array.of(progress));
  }
  return feeds;
};

/** Runs a compiled function; memory that is not there is an error that says how much it takes. */
export const runCompiled = async (
  {session, need}: Compiled,
  feeds: Readonly<Record<string, ort.Tensor>>,
  fetches: Readonly<Record<string, ort.Tensor>>,
  batch: Batch,
): Promise<void> => {
  try {
    await session.run(feeds, fetches);
  } catch (error) {
    if (isOutOfMemory(error)) throw outOfMemory(need, shapeKey(batch), 'the system gave less');
    throw error;
  }
};
