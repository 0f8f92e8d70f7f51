import * as tf from '@tensorflow/tfjs-core';
import {EngineError} from '../errors.ts';
import {callerLine} from './caller-line.ts';
import {dtypeOf, type Entry, valuesOf} from './entry.ts';
import {type ConstantData, type Dtype, GraphBuilder, sizeOf, type Value} from './graph.ts';
import {LazyGraph} from './lazy.ts';
import {StringTable} from './string-table.ts';

interface Held {
  readonly entry: Entry;
  references: number;
}

/**
 * A tfjs backend that computes nothing when a kernel is called. Inside a trace its tensors stand for values of the graph
 * that is being traced, and have no numbers; outside, reading a tensor computes it (see lazy.ts).
 */
export class RecordingBackend extends tf.KernelBackend {
  #values = new Map<object, Held>();
  /** Tensors that are older than the trace that runs. */
  #outside: Map<object, Held> | null = null;
  #traced: GraphBuilder | null = null;
  readonly #lazy = new LazyGraph();
  readonly #strings = new StringTable();

  get graph(): GraphBuilder {
    return this.#traced ?? this.#lazy.graph;
  }

  /** Runs `record` with a fresh graph; values of another trace are forgotten when it returns. */
  trace<T>(record: (graph: GraphBuilder) => T): T {
    if (this.#traced) throw new Error('Internal error: a trace was started inside a trace');
    this.#traced = new GraphBuilder();
    const outside = (this.#outside = this.#values);
    this.#values = new Map();
    tf.engine().startScope('trace');
    try {
      return record(this.#traced);
    } catch (error) {
      throw explained(error);
    } finally {
      tf.engine().endScope();
      this.#traced = null;
      this.#outside = null;
      this.#values = outside;
    }
  }

  #put(entry: Entry): object {
    const dataId = {};
    this.#values.set(dataId, {entry, references: 1});
    return dataId;
  }

  /** The results of a kernel, as tfjs wants them. */
  results(inputs: readonly Entry[], outputs: readonly Entry[]): tf.TensorInfo[] {
    const infos = outputs.map(entry => {
      return {dataId: this.#put(entry), shape: [...entry.value.shape], dtype: dtypeOf(entry)};
    });
    if (!this.#traced) this.#lazy.added(inputs.flatMap(valuesOf), outputs.flatMap(valuesOf), () => this.#isHeld());
    return infos;
  }

  /** Whether a tensor holds a value; looked up in a set, because the reader asks for many. */
  #isHeld(): (value: Value) => boolean {
    const held = new Set([...this.#values.values()].flatMap(({entry}) => valuesOf(entry)));
    return value => held.has(value);
  }

  entryFor(dataId: object): Entry {
    const held = this.#values.get(dataId);
    if (held) return held.entry;
    if (this.#traced) {
      throw new EngineError(
        `A tensor from outside was used in a traced step${callerLine()}; pass it as a batch entry or a parameter.`,
      );
    }
    // A tensor of another backend: tfjs reads it there and gives it to `move`.
    tf.engine().moveData(this, dataId);
    return this.#values.get(dataId)!.entry;
  }

  valueFor(dataId: object): Value {
    return this.entryFor(dataId).value;
  }

  tensor(value: Value): tf.Tensor {
    const [info] = this.results([], [{value}]) as [tf.TensorInfo];
    return tf.engine().makeTensorFromTensorInfo(info, this);
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: keyof tf.DataTypeMap): object {
    return this.#put(this.#constant(values, shape, dtype));
  }

  override move(
    dataId: object,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: keyof tf.DataTypeMap,
    references = 1,
  ): void {
    this.#values.set(dataId, {entry: this.#constant(values, shape, dtype), references});
  }

  /**
   * Numbers that come from the host while tracing stay in the graph for every later step. Uniform ones are what `tf.zeros`,
   * `tf.ones` and scalars in formulas are made of; anything else was most likely meant to change from step to step.
   */
  #constant(values: tf.backend_util.BackendValues, shape: number[], dtype: string): Entry {
    if (dtype === 'string' && !this.#traced) {
      const numbers = this.#strings.numbers(values as Uint8Array[]);
      return {value: this.#lazy.host(numbers, shape, 'int32'), strings: true};
    }
    if (dtype === 'string' || dtype === 'complex64') {
      throw new EngineError(`A traced step has no constants of type ${dtype}${callerLine()}.`);
    }
    const data = values as ConstantData;
    const first = data.length > 0 ? Number(data[0]) : 0;
    for (let at = 1; at < data.length; at++) {
      if (Number(data[at]) === first) continue;
      if (!this.#traced) return {value: this.#lazy.host(data, shape, dtype as Dtype)};
      throw new EngineError(
        `A tensor [${shape.join(', ')}] with values from the host was made inside a traced step${callerLine()}; the graph ` +
          'would repeat them in every step. Pass it as a batch entry or a parameter; for dropout use ctx.dropout ' +
          '(tf.dropout and tf.random* draw on the host); for counting use tf.range.',
      );
    }
    return {value: this.graph.fill(shape, first, dtype as Dtype)};
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const entry = this.entryFor(dataId);
    const {value} = entry;
    if (!this.#traced) {
      const held = this.#isHeld();
      return this.#asTyped(entry, valuesOf(entry).map(part => this.#lazy.readSync(part, held))); // prettier-ignore
    }
    if (value.fill !== null && value.dtype !== 'int64') {
      const size = sizeOf(value.shape);
      if (value.dtype === 'float32') return new Float32Array(size).fill(value.fill);
      return value.dtype === 'int32' ? new Int32Array(size).fill(value.fill) : new Uint8Array(size).fill(value.fill);
    }
    const source = value.node ? `the result of ${value.node.op}` : `the input "${value.input ?? 'constant'}"`;
    throw new EngineError(
      `The value of ${source} [${value.shape.join(', ')}] was read on the host${callerLine()} (dataSync, arraySync, print, or ` +
        'an operation that looks at values, as tf.booleanMaskAsync does) while the step is traced; there is no value yet. ' +
        'Keep to tensor operations (tf.where instead of if), or return the tensor and read it after the step.',
    );
  }

  override read(dataId: object): Promise<tf.backend_util.BackendValues> {
    // Inside a trace synchronously: by the time a promise is looked at, the trace is over and the message would be lost.
    if (this.#traced) return Promise.resolve(this.readSync(dataId));
    return this.#readLater(this.entryFor(dataId));
  }

  async #readLater(entry: Entry): Promise<tf.backend_util.BackendValues> {
    const held = this.#isHeld();
    return this.#asTyped(entry, await Promise.all(valuesOf(entry).map(part => this.#lazy.read(part, held))));
  }

  /** Numbers as tfjs has them for complex numbers (real and imaginary in turn) and for strings (their bytes). */
  #asTyped(
    {strings}: Entry,
    [numbers, imaginary]: readonly tf.backend_util.BackendValues[],
  ): tf.backend_util.BackendValues {
    if (imaginary) return tf.backend_util.mergeRealAndImagArrays(numbers as Float32Array, imaginary as Float32Array);
    return strings ? this.#strings.strings(numbers as Int32Array) : numbers!;
  }

  #held(dataId: object): Held | undefined {
    return this.#values.get(dataId) ?? this.#outside?.get(dataId);
  }

  override numDataIds(): number {
    return this.#values.size;
  }
  override refCount(dataId: object): number {
    return this.#held(dataId)?.references ?? 0;
  }
  override incRef(dataId: object): void {
    const held = this.#held(dataId);
    if (held) held.references++;
  }
  override disposeData(dataId: object, force = false): boolean {
    const held = this.#held(dataId);
    if (!held) return true;
    held.references--;
    if (!force && held.references > 0) return false;
    this.#values.delete(dataId);
    this.#outside?.delete(dataId);
    return true;
  }
  override memory(): {unreliable: boolean} {
    return {unreliable: true};
  }
  override floatPrecision(): 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override timerAvailable(): boolean {
    return false;
  }
  override dispose(): void {
    this.#values = new Map();
  }
}

/** tfjs's own words for a missing kernel, in ours. */
const explained = (error: unknown): unknown => {
  const kernel = error instanceof Error && /(?:registered kernel|Kernel) '([^']+)'/.exec(error.message)?.[1];
  if (!kernel) return error;
  return new EngineError(
    `The jit has no lowering for the TensorFlow.js kernel "${kernel}". Write the function with other operations, or add the ` +
      'kernel to src/engine/jit/lowerings.',
  );
};
