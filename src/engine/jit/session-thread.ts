import {createRequire} from 'node:module';
import {Worker} from 'node:worker_threads';
import {sessionWorker} from './session-worker.ts';

/** Numbers that are lent to the sessions' thread: while a run has them, `data` is empty; afterwards it is another array. */
export interface LentTensor {
  readonly dtype: 'float32' | 'int32';
  readonly shape: readonly number[];
  data: Float32Array | Int32Array;
}

export type LentTensors = Readonly<Record<string, LentTensor>>;

/** What goes with a request and comes back with its answer. */
export interface Lent {
  readonly feeds: LentTensors;
  readonly fetches: LentTensors;
}

interface Answer {
  readonly id: number;
  readonly lent: Partial<Lent>;
  readonly result?: unknown;
  readonly error?: string;
}

interface Waiting {
  readonly lent: Partial<Lent>;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

type Request = Readonly<Record<string, unknown>> & {readonly kind: string; readonly lent?: Lent};

const tensorsIn = (lent: Partial<Lent>): (readonly [keyof Lent, string, LentTensor])[] =>
  (['feeds', 'fetches'] as const).flatMap(side =>
    Object.entries(lent[side] ?? {}).map(([name, tensor]) => [side, name, tensor] as const),
  );

/** Megabytes: all that the thread has on its heap are names and wrappers of arrays, and room that is there is filled before it is tidied. */
const resourceLimits = {maxYoungGenerationSizeMb: 2};

/**
 * A thread in which ONNX Runtime computes, so that the event loop of whoever trains stays free: its `run` is called
 * asynchronous and blocks all the same. Arrays are moved there and back, not copied.
 */
export class SessionThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #ended: Error | null = null;

  constructor() {
    const runtime = createRequire(import.meta.url).resolve('onnxruntime-node');
    this.#worker = new Worker(sessionWorker, {eval: true, workerData: {runtime}, resourceLimits});
    this.#worker.on('message', (answer: Answer) => this.#deliver(answer));
    this.#worker.on('error', error => this.#fail(error));
    // Keeps a process alive only while somebody waits for an answer.
    this.#worker.unref();
  }

  /** A number that nothing else of this thread has. */
  number(): number {
    return this.#next++;
  }

  ask<T>(request: Request, moved: readonly ArrayBuffer[] = []): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.number();
    const {lent = {}} = request;
    const buffers = tensorsIn(lent).map(([, , {data}]) => data.buffer as ArrayBuffer);
    return new Promise<T>((resolve, reject) => {
      // First, since what cannot be sent throws here.
      this.#worker.postMessage({...request, id}, [...moved, ...buffers]);
      this.#waiting.set(id, {lent, resolve, reject});
      this.#worker.ref();
    });
  }

  #deliver({id, lent, result, error}: Answer): void {
    const waiting = this.#waiting.get(id)!;
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    for (const [side, name, {data}] of tensorsIn(lent)) waiting.lent[side]![name]!.data = data;
    if (error === undefined) waiting.resolve(result as never);
    else waiting.reject(new Error(error));
  }

  #fail(error: Error): void {
    const ended = (this.#ended = new Error(`The thread that computes has ended: ${error.message}`));
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const {reject} of all) reject(ended);
  }
}

let thread: SessionThread | null = null;

/** One for all trainings and predictions of a process: they take turns, as they did on one thread. */
export const sessionThread = (): SessionThread => (thread ??= new SessionThread());
