import type {Resources} from './resources.ts';
import type {Progress} from './stage.ts';

/** One command, ready to be started anywhere that can see `cwd`. */
export interface Job {
  /** Unique within a run and safe as a file name. */
  readonly id: string;
  readonly argv: readonly string[];
  /** Added to the caller's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** stdout and stderr, interleaved as they came. */
  readonly logFile: string;
  readonly resources: Resources;
  /** Kill the job after this time; the outcome is then `timed-out`. */
  readonly timeoutMs?: number;
  readonly onProgress?: (update: Progress) => void;
}

export interface JobUsage {
  readonly seconds: number;
  /** Peak resident memory of the job, where the executor can tell. */
  readonly peakMemoryMb?: number;
  readonly cpuSeconds?: number;
}

export type JobOutcome =
  | {readonly kind: 'exited'; readonly code: number; readonly usage: JobUsage}
  | {readonly kind: 'signalled'; readonly signal: string; readonly usage: JobUsage}
  | {readonly kind: 'timed-out'; readonly usage: JobUsage}
  | {readonly kind: 'aborted'; readonly usage: JobUsage}
  | {readonly kind: 'lost'; readonly reason: string; readonly usage: JobUsage};

export interface Executor {
  readonly name: string;
  /** Settles when the job and all its children have ended; abort means: SIGTERM, after a grace time SIGKILL, and settle. */
  run(job: Job, signal: AbortSignal): Promise<JobOutcome>;
  /** Ends all running jobs without a grace time: the user has asked twice. Each still settles its `run`. */
  kill?(): void;
}
