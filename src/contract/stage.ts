import type {z} from 'zod';
import type {Arity} from './arity.ts';

/** Axis name → value, always strings (`{method: 'ltd', seed: '1'}`), in the order in which the matrix declares them. */
export type Axis = Readonly<Record<string, string>>;

/** One file or folder that a job reads, with where it came from (both are absent for a plain path). */
export interface InputFile {
  /** Absolute path. */
  readonly path: string;
  /** The stage that wrote it and the axis values of the instance that did. */
  readonly stage?: string;
  readonly axis: Axis;
}

/** What `ctx.in.<name>` is for each arity. */
export type InputOf<A extends Arity> = A extends 'one'
  ? InputFile
  : A extends 'optional'
    ? InputFile | null
    : readonly InputFile[];

/**
 * An output's file name (or folder name) in the stage's artifact folder. `place: 'reports'` puts it into the
 * pipeline's report folder instead, which is committed to git.
 */
export type OutputSpec = string | {readonly file: string; readonly place: 'reports'};

/** What a stage sees while it runs. It never sees the graph, the cache or the executor. */
export interface StageContext<P, I extends Readonly<Record<string, Arity>>, O extends string> {
  readonly params: P;
  readonly in: {readonly [K in keyof I]: InputOf<I[K]>};
  /** Absolute temporary paths, to be written by the stage; renamed into place when the job has succeeded. */
  readonly out: {readonly [K in O]: string};
  /** Instance of this stage, e.g. `{seed: '1'}`; `{}` outside a matrix. */
  readonly axis: Axis;
  readonly stage: string;
  /** Threads that this job may keep busy: `resources.cpus`. */
  readonly threads: number;
  /** A folder that survives a killed job and is the same for the next attempt at the same key: checkpoints go here. */
  readonly scratch: string;
  /** Facts of the pipeline that a report may print: no dates, no machine paths. */
  readonly pipeline: PipelineFacts;
  /** Aborted on SIGTERM; a long training may write a checkpoint and return early by throwing `signal.reason`. */
  readonly signal: AbortSignal;
  log(message: string): void;
  /** Live progress for the terminal; costs nothing when nobody looks. */
  progress(update: Progress): void;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What `done` counts: `step`, `sentence`, `file`. */
  readonly unit: string;
  readonly loss?: number;
}

export interface PipelineFacts {
  readonly name: string;
  readonly profile: string;
  /** The DAG of stages (not instances), for the report's mermaid picture. */
  readonly stages: readonly {
    readonly name: string;
    readonly type: string | null;
    readonly needs: readonly string[];
    readonly instances: number;
  }[];
}

/** Two numbers agree when |again − recorded| ≤ absolute + relative · |recorded|. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

export interface StageDefinition<
  S extends z.ZodType,
  I extends Readonly<Record<string, Arity>>,
  O extends Readonly<Record<string, OutputSpec>>,
> {
  /** One sentence for `pipeline schema` and error messages. */
  readonly description: string;
  /** A `z.strictObject`; an error in it is printed with the line and column of pipeline.yaml. */
  readonly params: S;
  readonly inputs: I;
  readonly outputs: O;
  /** Project-relative modules that `run` loads by name, so that they count as this stage's code. */
  readonly uses?: (params: z.output<S>) => readonly string[];
  /** True for stages that compute with the engine: its backend, version and thread count then belong to the key. */
  readonly engine?: boolean;
  /** False for stages that measure time: `pipeline verify` then does not compare what they write. */
  readonly reproducible?: boolean;
  /** How far numbers may be apart when `pipeline verify` runs the stage again; default: the bytes must be the same. */
  readonly tolerance?: Tolerance;
  run(ctx: StageContext<z.output<S>, I, keyof O & string>): Promise<void>;
}

/** Identity: it exists for inference, so that an undeclared input or parameter does not compile. */
export const defineStage = <
  S extends z.ZodType,
  const I extends Readonly<Record<string, Arity>>,
  const O extends Readonly<Record<string, OutputSpec>>,
>(
  definition: StageDefinition<S, I, O>,
): StageDefinition<S, I, O> => definition;

/** A stage type whose parameters are not known statically, as the runner and the worker load it. */
export type AnyStage = StageDefinition<
  z.ZodType,
  Readonly<Record<string, Arity>>,
  Readonly<Record<string, OutputSpec>>
>;

/** A mistake of the user's (data, settings): printed without a stack trace. Everything else that throws is a bug. */
export class StageError extends Error {
  override readonly name = 'StageError';
}
