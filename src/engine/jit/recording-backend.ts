import * as tf from '@tensorflow/tfjs-core';
import {dtypeOf, type Entry, valuesOf} from './entry.ts';
import {type ConstantData, type Dtype, GraphBuilder, sizeOf, type Value} from './graph.ts';
import {HeldTensors} from './held-tensors.ts';
import {LazyGraph} from './lazy.ts';
import {StringTable} from './string-table.ts';
import {bakedConstant, constantOfType, explained, readWhileTraced, tensorFromOutside} from './trace-errors.ts';

/**
 * A tfjs backend that computes nothing when a kernel is called. Inside a trace its tensors stand for values of the graph
 * that is being traced, and have no numbers; outside, reading a tensor computes it (see lazy.ts).
 */
export class RecordingBackend extends tf.KernelBackend {
  readonly #held = new HeldTensors();
  #traced: GraphBuilder | null = null;
  readonly #lazy = new LazyGraph();
  readonly #strings = new StringTable();

  get graph(): GraphBuilder {
    return this.#traced ?? this.#lazy.graph;
  }

  /** Runs `record` with a fresh graph; values of another trace are forgotten when it returns. */
  trace<T>(record: (graph: GraphBuilder) => T, onValue?: (description: string) => void): T {
    if (this.#traced) throw new Error('Internal error: a trace was started inside a trace');
    const graph = (this.#traced = new GraphBuilder(onValue));
    return this.#held.apart(() => {
      tf.engine().startScope('trace');
      try {
        return record(graph);
      } catch (error) {
        throw explained(error);
      } finally {
        tf.engine().endScope();
        this.#traced = null;
      }
    });
  }

  /** The results of a kernel, as tfjs wants them. */
  results(inputs: readonly Entry[], outputs: readonly Entry[]): tf.TensorInfo[] {
    const infos = outputs.map(entry => {
      return {dataId: this.#held.put(entry), shape: [...entry.value.shape], dtype: dtypeOf(entry)};
    });
    if (!this.#traced) this.#lazy.added(inputs.flatMap(valuesOf), outputs.flatMap(valuesOf), () => this.#held.holds());
    return infos;
  }

  entryFor(dataId: object): Entry {
    const entry = this.#held.entry(dataId);
    if (entry) return entry;
    if (this.#traced) throw tensorFromOutside();
    // A tensor of another backend: tfjs reads it there and gives it to `move`.
    tf.engine().moveData(this, dataId);
    return this.#held.entry(dataId)!;
  }

  valueFor(dataId: object): Value {
    return this.entryFor(dataId).value;
  }

  tensor(value: Value): tf.Tensor {
    const [info] = this.results([], [{value}]) as [tf.TensorInfo];
    return tf.engine().makeTensorFromTensorInfo(info, this);
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: keyof tf.DataTypeMap): object {
    return this.#held.put(this.#constant(values, shape, dtype));
  }

  override move(
    dataId: object,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: keyof tf.DataTypeMap,
    references = 1,
  ): void {
    this.#held.put(this.#constant(values, shape, dtype), dataId, references);
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
      throw constantOfType(dtype);
    }
    const data = values as ConstantData;
    const first = data.length > 0 ? Number(data[0]) : 0;
    for (let at = 1; at < data.length; at++) {
      if (Number(data[at]) === first) continue;
      if (!this.#traced) return {value: this.#lazy.host(data, shape, dtype as Dtype)};
      throw bakedConstant(shape);
    }
    return {value: this.graph.fill(shape, first, dtype as Dtype)};
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const entry = this.entryFor(dataId);
    const {value} = entry;
    if (!this.#traced) {
      const held = this.#held.holds();
      return this.#asTyped(entry, valuesOf(entry).map(part => this.#lazy.readSync(part, held))); // prettier-ignore
    }
    if (value.fill !== null && value.dtype !== 'int64') {
      const size = sizeOf(value.shape);
      if (value.dtype === 'float32') return new Float32Array(size).fill(value.fill);
      return value.dtype === 'int32' ? new Int32Array(size).fill(value.fill) : new Uint8Array(size).fill(value.fill);
    }
    throw readWhileTraced(value);
  }

  override read(dataId: object): Promise<tf.backend_util.BackendValues> {
    // Inside a trace synchronously: by the time a promise is looked at, the trace is over and the message would be lost.
    if (this.#traced) return Promise.resolve(this.readSync(dataId));
    return this.#readLater(this.entryFor(dataId));
  }

  async #readLater(entry: Entry): Promise<tf.backend_util.BackendValues> {
    const held = this.#held.holds();
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

  override numDataIds(): number {
    return this.#held.size;
  }
  override refCount(dataId: object): number {
    return this.#held.references(dataId);
  }
  override incRef(dataId: object): void {
    this.#held.share(dataId);
  }
  override disposeData(dataId: object, force = false): boolean {
    return this.#held.release(dataId, force);
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
    this.#held.clear();
  }
}
