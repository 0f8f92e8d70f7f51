import type {Axis, InputFile, PipelineFacts} from './stage.ts';

/**
 * All that crosses from the runner to a typed stage: this JSON in (`node worker.js job.json`), files and an exit code
 * out. Exit code 0 is success, 1 a failed stage, 2 a `StageError`. The worker validates params again by the stage's schema.
 */
export interface StageJob {
  readonly schema: 1;
  readonly stage: string;
  readonly axis: Axis;
  readonly type: string;
  /** Absolute path of the compiled stage module (JavaScript). */
  readonly module: string;
  readonly params: unknown;
  readonly inputs: Readonly<Record<string, readonly InputFile[]>>;
  /** Output name → absolute temporary path. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly threads: number;
  readonly scratch: string;
  readonly pipeline: PipelineFacts;
}
