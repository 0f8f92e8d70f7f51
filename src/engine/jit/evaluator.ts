import {createRequire} from 'node:module';
import {MessageChannel, type MessagePort, receiveMessageOnPort, Worker} from 'node:worker_threads';
import type {ConstantData, Dtype} from './graph.ts';
import {evaluatorWorker} from './evaluator-worker.ts';

export interface Feed {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data: ConstantData;
}

export interface Evaluation {
  /** A serialised ONNX model. */
  readonly model: Uint8Array;
  readonly feeds: Readonly<Record<string, Feed>>;
}

export type Outputs = Readonly<Record<string, ConstantData>>;

type Answer = {readonly id: number} & ({readonly outputs: Outputs} | {readonly error: string});

interface Waiting {
  readonly resolve: (outputs: Outputs) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs models in a thread of its own. onnxruntime-node's public interface is asynchronous only; with the thread, the caller
 * can also sleep until the answer is there (`Atomics.wait`), which `tensor.dataSync()` needs, and otherwise stays free.
 */
export class Evaluator {
  readonly #port: MessagePort;
  readonly #done = new Int32Array(new SharedArrayBuffer(4));
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;

  constructor(options: object) {
    const {port1, port2} = new MessageChannel();
    this.#port = port1;
    const runtime = createRequire(import.meta.url).resolve('onnxruntime-node');
    const workerData = {port: port2, done: this.#done, runtime, options};
    const worker = new Worker(evaluatorWorker, {eval: true, workerData, transferList: [port2]});
    // Neither the thread nor its port keeps a process alive that has nothing else to do.
    worker.unref();
    port1.on('message', (answer: Answer) => this.#deliver(answer));
    port1.unref();
  }

  run(evaluation: Evaluation): Promise<Outputs> {
    return new Promise((resolve, reject) => {
      this.#send(evaluation, {resolve, reject});
      this.#port.ref();
    });
  }

  /** Blocks this thread until the model has run. */
  runSync(evaluation: Evaluation): Outputs {
    let settled: (() => Outputs) | null = null;
    this.#send(evaluation, {
      resolve: outputs => (settled = () => outputs),
      reject: error =>
        (settled = () => {
          throw error;
        }),
    });
    for (;;) {
      // Counted before looking: an answer that comes in between makes the wait return at once.
      const seen = Atomics.load(this.#done, 0);
      const received = receiveMessageOnPort(this.#port) as {message: Answer} | undefined;
      if (received) this.#deliver(received.message);
      else Atomics.wait(this.#done, 0, seen);
      if (settled) return (settled as () => Outputs)();
    }
  }

  #send(evaluation: Evaluation, waiting: Waiting): void {
    const id = this.#nextId++;
    this.#waiting.set(id, waiting);
    this.#port.postMessage({id, ...evaluation});
  }

  #deliver(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#port.unref();
    if ('error' in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.outputs);
  }
}
