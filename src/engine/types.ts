import type {Scalar, Tensor} from '@tensorflow/tfjs-core';

/**
 * `node-gpu` and `node` are TensorFlow itself, `jit` records and runs on ONNX Runtime, `wasm` is TensorFlow.js in WebAssembly
 * (predictions, and losses whose kernels it has), `cpu` is an oracle for tests.
 */
export type BackendName = 'node-gpu' | 'node' | 'jit' | 'wasm' | 'cpu';

export interface Engine {
  readonly backend: BackendName;
  /** Name and version of what computes, e.g. `onnxruntime-node 1.30.0`; part of the key of stages that use the engine. */
  readonly version: string;
  readonly threads: number;
  /** Why backends that come before this one in the order of preference were not taken; one line each. */
  readonly notes: readonly string[];
  /** Where the jit keeps compiled graphs for later processes; without one it keeps none. */
  readonly graphs?: string;
}

/** A tensor in plain memory; the only form in which parameters live between steps. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type Parameters = Readonly<Record<string, HostTensor>>;

export type BatchInput =
  | {readonly dtype: 'int32'; readonly shape: readonly number[]; readonly data: Int32Array}
  | {readonly dtype: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array};

/** What changes from step to step. Each combination of shapes is traced once: keep their number small (see sentence-batch.ts). */
export type Batch = Readonly<Record<string, BatchInput>>;

/** Parameters and batch as a model function sees them. A missing name throws and lists the names there are. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** What a model function may use beside its parameters and its batch. The same in training and prediction. */
export interface ModelContext {
  /** False in a predictor, where `dropout` returns its argument. */
  readonly training: boolean;
  /** Share of the training that is done, in [0, 1]: an input, never baked into the traced graph. 0 in a predictor. */
  readonly progress: Scalar;
  /** Inverted dropout; the mask comes from the trainer's seed, the step and the position of the call. */
  dropout<T extends Tensor>(x: T, rate: number): T;
  /** Rows of an embedding table: [...ids.shape, dim]. For `lazyRows` (and in predictors) `ids` must be an entry of the batch itself. */
  lookup(parameter: string, ids: Tensor): Tensor;
  /** Names a number of the step, one term of the loss for instance; `trainer.reported()` gives it. In a predictor, nothing. */
  report(name: string, value: Scalar): void;
  /** One LSTM direction by the engine's own operator, where it has one (prediction with the jit only). */
  readonly nativeLstm?: NativeLstm;
}

/** x [token, batch, dim], kernel [dim, 4·hidden], recurrent [hidden, 4·hidden], bias [4·hidden] → [token, batch, hidden]; gates i, o, f, g. */
export type NativeLstm = (x: Tensor, kernel: Tensor, recurrent: Tensor, bias: Tensor) => Tensor;

export type LossFunction = (p: Tensors, batch: Tensors, ctx: ModelContext) => Scalar;
export type ForwardFunction = (p: Tensors, batch: Tensors, ctx: ModelContext) => Tensor | Tensor[];

export interface AdamSettings {
  /** .9 */
  readonly beta1?: number;
  /** .999 */
  readonly beta2?: number;
  /** 1e-8 */
  readonly epsilon?: number;
  /** Whether moments are divided by 1 − βᵗ (Adam); BERT's own optimizer does not. true */
  readonly biasCorrection?: boolean;
  /** Decoupled (AdamW); 0 */
  readonly weightDecay?: number;
  /** Which parameters decay; by default those of rank 2 and more: no biases, no scales of layer norms. */
  readonly decays?: (name: string) => boolean;
  /** What the learning rate of a parameter is multiplied with (and so its decay); 1. See models/layer-rates.ts. */
  readonly rateOf?: (name: string) => number;
  /** Gradients are scaled down to this norm, taken over all of them; by default they are left alone. */
  readonly clipNorm?: number;
}

export interface TrainerOptions {
  readonly engine: Engine;
  /** Copied: the trainer never writes into them. */
  readonly parameters: Parameters;
  readonly loss: LossFunction;
  readonly optimizer?: AdamSettings;
  /** Parameters that are neither differentiated nor updated. */
  readonly frozen?: readonly string[];
  /** Embedding tables whose looked-up rows alone are fed, differentiated and updated (lazy Adam). */
  readonly lazyRows?: readonly string[];
  /** Of the dropout masks; 0. */
  readonly seed?: number;
}

export interface StepSettings {
  readonly learningRate: number;
  readonly progress: number;
  /** What the batch is called if the loss is not finite. */
  readonly batchName?: () => string;
}

export interface Trainer {
  /** Steps done so far, those before a restore included. */
  readonly steps: number;
  /**
   * One update; returns the loss before it. Of several batches, loss and gradients are the mean over them. A loss that is
   * not finite throws and names the step; nothing is updated then.
   */
  step(batch: Batch | readonly Batch[], settings: StepSettings): Promise<number>;
  /** What the loss function of the last step reported, by name; of several batches the means. */
  reported(): Readonly<Record<string, number>>;
  /** Loss and dense gradients by name at the current parameters, without an update; for tests and diagnosis. */
  gradients(batch: Batch, progress?: number): Promise<{loss: number; gradients: Parameters}>;
  /** A copy of the current parameters. */
  parameters(): Parameters;
  /** Writes parameters, moments, step and seed into `folder`, atomically; `notes` are given back by `restore`. */
  save(folder: string, notes?: Readonly<Record<string, string>>): Promise<void>;
  /** The notes of the checkpoint in `folder`, whose state is taken over; null when there is none. */
  restore(folder: string): Promise<Readonly<Record<string, string>> | null>;
  /** Frees the compiled steps. */
  close(): Promise<void>;
}

export interface PredictorOptions {
  readonly engine: Engine;
  readonly parameters: Parameters;
  readonly forward: ForwardFunction;
}

export interface Predictor {
  /** One array for each tensor that `forward` returns. The arrays are the caller's. */
  run(batch: Batch): Promise<Float32Array[]>;
  close(): Promise<void>;
}
