import {encodeModel} from '../../io/onnx.ts';
import {onBackend} from '../backend.ts';
import {shapeKey} from '../batch.ts';
import type {Batch} from '../types.ts';
import {backendName, recordingBackend} from './backend.ts';
import {emitModel} from './emit.ts';
import type {GraphNode} from './graph.ts';
import {type GraphFolder, type StoredGraph, TraceDigest} from './graph-folder.ts';
import {checkMemory, isOutOfMemory, type MemoryNeed, memoryNeed, outOfMemory} from './memory-need.ts';
import {type KeptTensors, sharedTensor, openSession, type Session} from './session.ts';
import type {SessionTensor, SessionTensors} from './session-requests.ts';
import {type Filled, recordStep, type RowOutput, type Traced, type TraceOptions} from './tracing.ts';

/** One model function traced for one combination of batch shapes. */
export interface Compiled {
  readonly session: Session;
  readonly need: MemoryNeed;
  /** Masks and looked-up rows that the graph reads. */
  readonly filled: readonly (Filled & {readonly tensor: SessionTensor})[];
  /** Copies of the entries of the batch that the graph reads, by the names of its inputs: the caller's arrays stay where they are. */
  readonly entries: Readonly<Record<string, SessionTensor>>;
  readonly outputs: readonly {readonly name: string; readonly shape: readonly number[]}[];
  readonly rows: readonly RowOutput[];
}

export interface CompileOptions extends TraceOptions {
  readonly threads: number;
  /** Where graphs of earlier processes lie. */
  readonly graphs: GraphFolder | null;
  /** What the sessions hold from run to run. */
  readonly kept?: KeptTensors;
}

const encoded = (traced: Traced): StoredGraph => {
  const order: GraphNode[] = [];
  const model = encodeModel(emitModel('step', traced.outputs, node => order.push(node)));
  return {model, need: memoryNeed(order, traced.outputs.map(({value}) => value))}; // prettier-ignore
};

/**
 * Traces, emits and loads; nothing symbolic survives it. A trace that some process had before, to the last number, is known
 * to be of a function of its inputs alone, and its model is read instead of written.
 */
export const compile = async (options: CompileOptions): Promise<Compiled> => {
  const {batch, threads, graphs, kept} = options;
  const backend = recordingBackend();
  const digest = graphs ? new TraceDigest() : null;
  const {traced, stored} = await onBackend(backendName, () =>
    backend.trace(graph => {
      const recorded = recordStep(backend, graph, options);
      const key = digest?.close(recorded.outputs) ?? '';
      const known = graphs?.read(key) ?? null;
      if (known) return {traced: recorded, stored: known};
      recorded.check?.();
      const made = encoded(recorded);
      graphs?.write(key, made);
      return {traced: recorded, stored: made};
    }, digest?.add),
  );
  const {need, model} = stored;
  checkMemory(need, shapeKey(batch));
  const session = await openSession(model, threads, kept);
  await kept?.send(session.inputNames);
  const wanted = new Set(session.inputNames);
  return {
    session,
    need,
    filled: [...traced.filled.values()].flatMap(input =>
      wanted.has(input.name) ? [{...input, tensor: sharedTensor('float32', input.shape)}] : [],
    ),
    entries: Object.fromEntries(
      Object.entries(batch).flatMap(([name, {dtype, shape}]) =>
        wanted.has(`b ${name}`) ? [[`b ${name}`, sharedTensor(dtype, shape)] as const] : [],
      ),
    ),
    outputs: traced.outputs.map(({name, value}) => ({name, shape: value.shape})),
    rows: traced.rows,
  };
};

/** The feeds that a compiled function reads; `parameter` gives those that are not kept, by name. */
export const feedsOf = (
  {session, filled, entries}: Compiled,
  parameter: (name: string) => SessionTensor | null,
  batch: Batch,
  progress: number,
  step: number,
): SessionTensors => {
  const feeds: Record<string, SessionTensor> = {};
  for (const {name, tensor, fill} of filled) {
    fill(tensor.data as Float32Array, batch, step);
    feeds[name] = tensor;
  }
  for (const [name, tensor] of Object.entries(entries)) {
    tensor.data.set(batch[name.slice(2)]!.data);
    feeds[name] = tensor;
  }
  for (const name of session.inputNames) {
    if (name.startsWith('p ')) {
      const tensor = parameter(name.slice(2));
      if (tensor) feeds[name] = tensor;
    } else if (name === 'progress') feeds[name] = sharedTensor('float32', [], Float32Array.of(progress));
  }
  return feeds;
};

/** Runs a compiled function; memory that is not there is an error that says how much it takes. */
export const runCompiled = async (
  {session, need}: Compiled,
  feeds: SessionTensors,
  fetches: SessionTensors,
  batch: Batch,
): Promise<void> => {
  try {
    await session.run(feeds, fetches);
  } catch (error) {
    if (isOutOfMemory(error)) throw outOfMemory(need, shapeKey(batch), 'the system gave less');
    throw error;
  }
};
