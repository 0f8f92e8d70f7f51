import type {StepGradient} from './adam.ts';
import type {Batch, HostTensor, LossFunction, Parameters} from './types.ts';

/** What a backend needs to compute loss and gradients; `parameters` are the trainer's own arrays, read at every step. */
export interface GradientRequest {
  readonly parameters: Readonly<Record<string, HostTensor>>;
  readonly loss: LossFunction;
  /** Differentiated densely. */
  readonly dense: readonly string[];
  /** Differentiated by looked-up row. */
  readonly lazy: readonly string[];
  /** Widths of the tables whose rows the host gathers: `lazy`, and frozen tables. */
  readonly hostTables: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly threads: number;
  /** The folder of compiled graphs, see Engine. */
  readonly graphs: string | null;
}

export interface StepResult {
  readonly loss: number;
  /** What the loss function reported, by name. */
  readonly reported: Readonly<Record<string, number>>;
  /** Valid until the next call. */
  readonly gradients: ReadonlyMap<string, StepGradient>;
}

/** Numbers of steps stay below it, so that each part of a step has dropout masks of its own. */
const firstOfPart = 2 ** 24;

/** A batch among those of one step: `part` counts from 0, and parameters do not change from part to part. */
export interface Place {
  readonly step: number;
  readonly part: number;
}

/** What dropout masks are made from. */
export const maskNumber = ({step, part}: Place): number => part * firstOfPart + step;

/** Loss and gradients at the current parameters. */
export interface GradientFunction {
  run(batch: Batch, progress: number, place: Place): Promise<StepResult>;
  close(): Promise<void>;
}

/** The parameters that are handed to the model function as tensors; the others are reached by lookup alone. */
export const tensorNames = ({parameters, lazy}: Pick<GradientRequest, 'parameters' | 'lazy'>): string[] =>
  Object.keys(parameters).filter(name => !lazy.includes(name));

/** Widths of the tables [rows, dim] among `names`. */
export const tableWidths = (parameters: Parameters, names: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    names.filter(name => parameters[name]!.shape.length === 2).map(name => [name, parameters[name]!.shape[1]!]),
  );
