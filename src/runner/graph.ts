import type {ClusterSettings, Resources} from '../contract/resources.ts';
import type {Axis, Tolerance} from '../contract/stage.ts';

/** The validated pipeline: what `config/` makes of pipeline.yaml and everything else works on. Plain data, JSON-safe. */
export interface Graph {
  readonly pipeline: Pipeline;
  /** In topological order; ties in the order of the file. */
  readonly stages: readonly StageNode[];
  /** In topological order; instances of a matrix in the order of its axes. */
  readonly instances: readonly Instance[];
  /** Stages without instances, which are nowhere else: an axis of theirs has no values. In the order of the file. */
  readonly off?: readonly StageOff[];
}

export interface StageOff {
  readonly name: string;
  readonly axis: string;
  /** Where the axis stands: `pipeline.yaml:12:15`, root-relative. */
  readonly place: string;
  /** The var that leaves it empty. */
  readonly var?: string;
}

export interface Pipeline {
  readonly name: string;
  /** '' for the default profile. */
  readonly profile: string;
  /** Absolute path of the project root; every other path of the graph is relative to it, with `/`. */
  readonly root: string;
  /** Root-relative path of the pipeline file. */
  readonly file: string;
  readonly artifactsDir: string;
  readonly locksDir: string;
  readonly reportsDir: string;
  /** Where `push` and `pull` keep outputs for other machines, as it is written. */
  readonly remote?: string;
}

export interface StageNode {
  readonly name: string;
  /** null for a shell stage. */
  readonly type: string | null;
  /** Names of the stages it reads from, in the order of the file. */
  readonly needs: readonly string[];
  readonly instances: readonly string[];
}

/** A stage with its axis values chosen: the unit that has a key, is locked, run and cached. */
export interface Instance {
  /** `train@method=ltd,seed=1`, or the stage's name outside a matrix. */
  readonly id: string;
  readonly stage: string;
  readonly axis: Axis;
  readonly command: ShellCommand | TypedCommand;
  /** All are in the key, used or not. For a typed stage these are the values as written; defaults are the schema's. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Names of environment variables whose values count. */
  readonly env: readonly string[];
  readonly inputs: readonly InstanceInput[];
  readonly outputs: readonly InstanceOutput[];
  /** Ids of the instances that write what this one reads. */
  readonly needs: readonly string[];
  readonly resources: Resources;
  readonly cluster?: ClusterSettings;
  readonly frozen: boolean;
  readonly always: boolean;
  readonly retries: number;
  readonly timeoutMinutes: number | null;
  /**
   * Whether a job is kept from reading what it does not declare; absent: a typed stage is, a shell stage is not. Never
   * part of the key.
   */
  readonly hermetic?: boolean;
  /** For `verify` alone; both absent: running again must give the same bytes. Never part of the key. */
  readonly reproducible?: false;
  readonly tolerance?: Tolerance;
}

export interface ShellCommand {
  readonly kind: 'shell';
  /** With `${}` replaced and quoted. */
  readonly text: string;
}

export interface TypedCommand {
  readonly kind: 'typed';
  readonly type: string;
  /** Root-relative modules besides the stage file, from `uses(params)`. */
  readonly uses: readonly string[];
  readonly engine: boolean;
}

export interface InstanceInput {
  /** The name given in a map, or its position ('0', '1', …) in a list. */
  readonly name: string;
  readonly sources: readonly InputSource[];
}

export type InputSource =
  /** A file, a folder or a glob, root-relative; expanded when the key is computed. */
  | {
      readonly kind: 'path';
      readonly path: string;
      readonly glob: boolean;
      /** The var that gives the path, for messages: `data.glue`. */
      readonly var?: string;
    }
  | {
      readonly kind: 'output';
      readonly instance: string;
      readonly output: string;
      readonly path: string;
      readonly axis: Axis;
    };

export interface InstanceOutput {
  readonly name: string;
  /** Root-relative. */
  readonly path: string;
}
