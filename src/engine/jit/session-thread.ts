import {createRequire} from 'node:module';
import {Worker} from 'node:worker_threads';
import type {Requests} from './session-requests.ts';
import {sessionWorker} from './session-worker.ts';

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** Megabytes: all that the thread has on its heap are names and wrappers of arrays, and room that is there is filled before it is tidied. */
const resourceLimits = {maxYoungGenerationSizeMb: 2};

/**
 * A thread in which ONNX Runtime computes, so that the event loop of whoever trains stays free: its `run` is called
 * asynchronous and blocks all the same.
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

  /** Arrays of `moved` are gone afterwards. */
  ask<T, Kind extends keyof Requests>(kind: Kind, request: Requests[Kind], moved: ArrayBuffer[] = []): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.number();
    return new Promise<T>((resolve, reject) => {
      // First, since what cannot be sent throws here.
      this.#worker.postMessage({id, kind, request}, moved);
      this.#waiting.set(id, {resolve, reject});
      this.#worker.ref();
    });
  }

  /** What was asked for and has not been answered fails. */
  async end(): Promise<void> {
    await this.#worker.terminate();
    this.#fail(new Error('it was closed.'));
  }

  #deliver({id, result, error}: Answer): void {
    const waiting = this.#waiting.get(id)!;
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
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
