import type * as tf from '@tensorflow/tfjs-core';
import {encodeModel} from '../../io/onnx.ts';
import {EngineError} from '../errors.ts';
import {emitModel, type NamedValue} from './emit.ts';
import {type Evaluation, Evaluator, type Feed, type Outputs} from './evaluator.ts';
import {type ConstantData, type Dtype, GraphBuilder, sizeOf, type Value} from './graph.ts';

type Mutable<T> = {-readonly [K in keyof T]: T[K]};

/** One thread, and graphs as they are: they are small, and each runs once. */
const sessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'disabled',
  // What goes wrong is thrown, with the same words.
  logSeverityLevel: 4,
};

/** How far a value may be from numbers before it is computed unasked: keeps the graph of an endless loop of updates short. */
const deepest = 200;

/** Kernels after which shared nodes are forgotten, so that the graph does not hold the data of tensors long disposed of. */
const forgetAfter = 256;

/**
 * The graph outside a trace: tensors hold numbers or the formula of numbers, and reading one computes its formula, together
 * with those of its ancestors that some tensor still holds, once.
 */
export class LazyGraph {
  readonly graph = new GraphBuilder();
  readonly #data = new WeakMap<Value, ConstantData>();
  readonly #depth = new WeakMap<Value, number>();
  #evaluator: Evaluator | null = null;
  #kernels = 0;

  /** A value whose numbers are known. */
  host(data: ConstantData, shape: readonly number[], dtype: Dtype): Value {
    const value = this.graph.fresh(shape, dtype);
    this.#know(value, data);
    return value;
  }

  /** Called with the results of every kernel: keeps the graph small. */
  added(inputs: readonly Value[], outputs: readonly Value[], isHeld: () => (value: Value) => boolean): void {
    if (++this.#kernels % forgetAfter === 0) this.graph.forget();
    const depth = 1 + Math.max(0, ...inputs.map(input => this.#depth.get(input) ?? 0));
    for (const output of outputs) {
      if (!output.node) continue;
      this.#depth.set(output, depth);
      if (depth >= deepest) this.readSync(output, isHeld());
    }
  }

  readSync(value: Value, isHeld: (value: Value) => boolean): tf.backend_util.BackendValues {
    const {evaluation, outputs} = this.#prepare(value, isHeld);
    if (evaluation)
      this.#accept(
        outputs,
        explained(() => this.#run().runSync(evaluation)),
      );
    return this.#known(value);
  }

  async read(value: Value, isHeld: (value: Value) => boolean): Promise<tf.backend_util.BackendValues> {
    const {evaluation, outputs} = this.#prepare(value, isHeld);
    if (evaluation) {
      const results = await this.#run().run(evaluation).catch(failed);
      this.#accept(outputs, results);
    }
    return this.#known(value);
  }

  #run(): Evaluator {
    return (this.#evaluator ??= new Evaluator(sessionOptions));
  }

  #known(value: Value): tf.backend_util.BackendValues {
    let data = this.#data.get(value);
    if (!data) {
      data = uniform(value);
      this.#data.set(value, data);
    }
    return data as Exclude<ConstantData, BigInt64Array>;
  }

  /** The model that computes `value`; null where its numbers are known without. */
  #prepare(
    value: Value,
    isHeld: (value: Value) => boolean,
  ): {evaluation: Evaluation | null; outputs: readonly NamedValue[]} {
    if (value.node && sizeOf(value.shape) === 0) this.#know(value, uniform(value));
    if (!value.node || this.#data.has(value)) return {evaluation: null, outputs: []};
    const feeds: Record<string, Feed> = {};
    const wanted = new Set<Value>([value]);
    const seen = new Set<Value>();
    const pending = [value];
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      const data = this.#data.get(next);
      if (next.input !== null && data) feeds[next.input] = {dtype: next.dtype, shape: next.shape, data};
      if (!next.node) continue;
      if (next.dtype !== 'int64' && isHeld(next)) wanted.add(next);
      pending.push(...next.node.inputs);
    }
    const outputs = [...wanted].map((output, at) => ({name: `y${at}`, value: output}));
    const model = emitModel('lazy', outputs);
    const inputs = new Set(model.inputs.map(({name}) => name));
    const used = Object.fromEntries(Object.entries(feeds).filter(([name]) => inputs.has(name)));
    return {evaluation: {model: encodeModel(model), feeds: used}, outputs};
  }

  #accept(outputs: readonly NamedValue[], results: Outputs): void {
    for (const {name, value} of outputs) {
      const data = results[name]!;
      if (data.length !== sizeOf(value.shape)) {
        const made = value.node?.op ?? 'an input';
        throw new Error(`Internal error: ${made} gave ${data.length} numbers for [${value.shape.join(', ')}]`);
      }
      this.#know(value, data);
    }
    // Nodes over values that are now numbers need not be shared with what comes.
    this.graph.forget();
  }

  /** From here on the value is an input of what is computed from it; how it came about can be collected. */
  #know(value: Value, data: ConstantData): void {
    this.#data.set(value, data);
    this.#depth.delete(value);
    const known = value as Mutable<Value>;
    known.node = null;
    known.fill = null;
    known.input = `x${value.id}`;
  }
}

const uniform = (value: Value): ConstantData => {
  const size = sizeOf(value.shape);
  const fill = value.fill ?? 0;
  if (value.constant) return value.constant;
  if (value.dtype === 'float32') return new Float32Array(size).fill(fill);
  return value.dtype === 'bool' ? new Uint8Array(size).fill(fill) : new Int32Array(size).fill(fill);
};

const failed = (error: unknown): never => {
  throw new EngineError(`ONNX Runtime could not compute a tensor that was read: ${(error as Error).message}`);
};

const explained = (run: () => Outputs): Outputs => {
  try {
    return run();
  } catch (error) {
    return failed(error);
  }
};
