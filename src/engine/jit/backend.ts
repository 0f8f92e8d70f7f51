import * as tf from '@tensorflow/tfjs-core';
import {EngineError} from '../errors.ts';
import {type ConstantData, type Dtype, GraphBuilder, sizeOf, type Value} from './graph.ts';
import type {Lowerings} from './lowering.ts';
import {elementwise} from './lowerings/elementwise.ts';
import {gathers} from './lowerings/gathers.ts';
import {products} from './lowerings/products.ts';
import {reductions} from './lowerings/reductions.ts';
import {shapes} from './lowerings/shapes.ts';

/** The tfjs backend's name; `jit` alone might be somebody else's. */
export const backendName = 'distill-jit';

const lowerings: Lowerings = {...elementwise, ...shapes, ...reductions, ...gathers, ...products};

/** Names of the tfjs kernels that can be traced. */
export const loweredKernels: readonly string[] = Object.keys(lowerings);

/** A tfjs backend that computes nothing: its tensors stand for values of the graph that is being traced. */
class RecordingBackend extends tf.KernelBackend {
  #values = new Map<object, {value: Value; references: number}>();
  #graph: GraphBuilder | null = null;

  get graph(): GraphBuilder {
    if (!this.#graph) {
      throw new EngineError(
        'A TensorFlow.js operation ran on the jit outside a training step or a predictor. ' +
          'The jit computes only what a loss or forward function returns: move the operation into one, or compute on the host.',
      );
    }
    return this.#graph;
  }

  /** Runs `record` with a fresh graph; values of another trace are forgotten when it returns. */
  trace<T>(record: (graph: GraphBuilder) => T): T {
    if (this.#graph) throw new Error('Internal error: a trace was started inside a trace');
    this.#graph = new GraphBuilder();
    tf.engine().startScope('trace');
    try {
      return record(this.#graph);
    } catch (error) {
      throw explained(error);
    } finally {
      tf.engine().endScope();
      this.#graph = null;
      this.#values = new Map();
    }
  }

  put(value: Value): object {
    const dataId = {};
    this.#values.set(dataId, {value, references: 1});
    return dataId;
  }

  valueFor(dataId: object): Value {
    const held = this.#values.get(dataId);
    if (!held)
      throw new EngineError(
        'A tensor from outside was used in a traced step; pass it as a batch entry or a parameter.',
      );
    return held.value;
  }

  tensor(value: Value): tf.Tensor {
    // int64 exists only between lowerings.
    const dtype = value.dtype === 'int64' ? 'int32' : value.dtype;
    return tf.engine().makeTensorFromTensorInfo({dataId: this.put(value), shape: [...value.shape], dtype}, this);
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: keyof tf.DataTypeMap): object {
    return this.put(this.#constant(values, shape, dtype));
  }

  override move(
    dataId: object,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: keyof tf.DataTypeMap,
  ): void {
    this.#values.set(dataId, {value: this.#constant(values, shape, dtype), references: 1});
  }

  /**
   * Numbers that come from the host while tracing stay in the graph for every later step. Uniform ones are what `tf.zeros`,
   * `tf.ones` and scalars in formulas are made of; anything else was most likely meant to change from step to step.
   */
  #constant(values: tf.backend_util.BackendValues, shape: number[], dtype: string): Value {
    const data = values as ConstantData;
    if (dtype === 'string' || dtype === 'complex64') throw new EngineError(`The jit has no tensors of type ${dtype}.`);
    const first = data.length > 0 ? Number(data[0]) : 0;
    for (let at = 1; at < data.length; at++) {
      if (Number(data[at]) === first) continue;
      throw new EngineError(
        `A tensor [${shape.join(', ')}] with values from the host was made inside a traced step; the graph would repeat them ` +
          'in every step. Pass it as a batch entry or a parameter; for dropout use ctx.dropout (tf.dropout and tf.random* ' +
          'draw on the host); for counting use tf.range.',
      );
    }
    return this.graph.fill(shape, first, dtype as Dtype);
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const value = this.valueFor(dataId);
    if (value.fill !== null && value.dtype !== 'int64') {
      const size = sizeOf(value.shape);
      if (value.dtype === 'float32') return new Float32Array(size).fill(value.fill);
      return value.dtype === 'int32' ? new Int32Array(size).fill(value.fill) : new Uint8Array(size).fill(value.fill);
    }
    const source = value.node ? `the result of ${value.node.op}` : `the input "${value.input ?? 'constant'}"`;
    throw new EngineError(
      `The value of ${source} [${value.shape.join(', ')}] was read on the host (dataSync, arraySync, print, or an operation ` +
        'that looks at values, as tf.booleanMaskAsync does) while the step is traced; there is no value yet. Keep to tensor ' +
        'operations (tf.where instead of if), or return the tensor and read it after the step.',
    );
  }

  override read(dataId: object): Promise<tf.backend_util.BackendValues> {
    // Synchronously on purpose: by the time a promise is looked at, the trace is over and the message would be lost.
    return Promise.resolve(this.readSync(dataId));
  }

  override numDataIds(): number {
    return this.#values.size;
  }
  override refCount(dataId: object): number {
    return this.#values.get(dataId)?.references ?? 0;
  }
  override incRef(dataId: object): void {
    const held = this.#values.get(dataId);
    if (held) held.references++;
  }
  override disposeData(dataId: object, force = false): boolean {
    const held = this.#values.get(dataId);
    if (!held) return true;
    held.references--;
    if (!force && held.references > 0) return false;
    this.#values.delete(dataId);
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

let installed: RecordingBackend | null = null;

/** Registers the backend and its kernels with tfjs, once. */
export const recordingBackend = (): RecordingBackend => {
  if (installed) return installed;
  const backend = (installed = new RecordingBackend());
  // Priority 0: never the default, so that importing the engine changes nobody's backend.
  tf.registerBackend(backendName, () => backend, 0);
  const info = (value: Value): tf.TensorInfo => ({
    dataId: backend.put(value),
    shape: [...value.shape],
    dtype: value.dtype === 'int64' ? 'int32' : value.dtype,
  });
  for (const [kernelName, lower] of Object.entries(lowerings)) {
    const kernelFunc: tf.KernelFunc = ({inputs, attrs}) => {
      const values: Record<string, Value> = {};
      for (const [name, tensor] of Object.entries(inputs)) {
        // An optional input (the bias of a fused product) may be there and undefined.
        if (tensor as unknown) values[name] = backend.valueFor((tensor as tf.TensorInfo).dataId);
      }
      const result = lower(backend.graph, values, attrs ?? {});
      return isList(result) ? result.map(info) : info(result);
    };
    tf.registerKernel({kernelName, backendName, kernelFunc});
  }
  return backend;
};

const isList = (result: Value | readonly Value[]): result is readonly Value[] => Array.isArray(result);
