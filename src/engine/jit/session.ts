import type {HostTensor} from '../types.ts';
import type {SessionTensor, SessionTensors} from './session-requests.ts';
import {type SessionThread, sessionThread} from './session-thread.ts';

export interface Session {
  readonly inputNames: readonly string[];
  /** Outputs are written into the tensors of `fetches`. Inputs that `feeds` lacks are those kept for the session. */
  run(feeds: SessionTensors, fetches: SessionTensors): Promise<void>;
  close(): Promise<void>;
}

/**
 * Threads that wait by spinning slow everything two to three times where several processes share a machine, which is how
 * seeds are trained. Denormal numbers cost about a hundred times a normal one and occur when gates saturate.
 */
const extra = {session: {set_denormal_as_zero: '1', intra_op: {allow_spinning: '0'}, inter_op: {allow_spinning: '0'}}};

const optionsOf = (threads: number): object => ({
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  // The trace folds constants and shares equal expressions itself: ONNX Runtime finds nothing more in these graphs, and
  // looking for it is more than half of the time that a session takes to open.
  graphOptimizationLevel: 'disabled',
  // Arenas keep the activations of every shape for ever; freed after each run, all shapes share the same memory.
  enableCpuMemArena: false,
  enableMemPattern: false,
  // Warnings are about initializers that no node reads and the like: of no use to anybody who trains.
  logSeverityLevel: 3,
  extra,
});

/** Opens the model [bytes as encodeModel gives them]; the bytes are gone afterwards. */
export const openSession = async (model: Uint8Array, threads: number, kept?: KeptTensors): Promise<Session> => {
  const thread = sessionThread();
  const session = thread.number();
  // A view of a larger array would take all of it along.
  const own = model.byteLength === model.buffer.byteLength ? model : model.slice();
  const moved = [own.buffer as ArrayBuffer];
  const inputNames = await thread.ask<string[], 'open'>(
    'open',
    {session, model: own, options: optionsOf(threads)},
    moved,
  );
  return {
    inputNames,
    run: (feeds, fetches) => thread.ask('run', {session, store: kept?.store, feeds, fetches}),
    close: () => thread.ask('close', {session}),
  };
};

/** Zeros, or a copy of `data`. */
export const sharedTensor = (
  dtype: 'float32' | 'int32',
  shape: readonly number[],
  data?: Float32Array | Int32Array,
): SessionTensor => {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  const memory = new SharedArrayBuffer(4 * size);
  const own = dtype === 'float32' ? new Float32Array(memory) : new Int32Array(memory);
  if (data) own.set(data);
  return {dtype, shape, data: own};
};

/** Tensors that stay with the sessions because no run changes them; each is sent once, when a session asks for it. */
export class KeptTensors {
  readonly #thread: SessionThread = sessionThread();
  readonly #tensors: Readonly<Record<string, HostTensor>>;
  readonly #sent = new Set<string>();
  readonly store = this.#thread.number();

  /** By the names of the inputs that they are. */
  constructor(tensors: Readonly<Record<string, HostTensor>>) {
    this.#tensors = tensors;
  }

  async send(names: readonly string[]): Promise<void> {
    const missing = names.filter(name => Object.hasOwn(this.#tensors, name) && !this.#sent.has(name));
    if (missing.length === 0) return;
    const tensors = Object.fromEntries(
      missing.map(name => {
        const {shape, data} = this.#tensors[name]!;
        return [name, {dtype: 'float32', shape, data: Float32Array.from(data)}] as const;
      }),
    );
    for (const name of missing) this.#sent.add(name);
    await this.#thread.ask(
      'keep',
      {store: this.store, tensors},
      Object.values(tensors).map(({data}) => data.buffer),
    );
  }

  async drop(): Promise<void> {
    if (this.#sent.size > 0) await this.#thread.ask('drop', {store: this.store});
    this.#sent.clear();
  }
}
