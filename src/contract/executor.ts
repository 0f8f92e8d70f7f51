import type {ClusterSettings, Resources} from './resources.ts';
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
  /** Jobs of one stage, and what they need being equal, may be submitted together. */
  readonly stage?: string;
  /** Where an executor whose jobs outlive the runner keeps what it must know of this one; the same for each attempt. */
  readonly folder?: string;
  /** Fingerprint of what the job computes: one that was started for another key is not this job. */
  readonly key?: string;
  /** What it reads and what it will write: a folder that machines share may show both late. */
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly cluster?: ClusterSettings;
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
  | {readonly kind: 'lost'; readonly reason: string; readonly usage: JobUsage}
  /** Through no fault of its own: its node went down, or it had to make room. Another attempt may succeed. */
  | {readonly kind: 'vanished'; readonly reason: string; readonly usage: JobUsage}
  /** It has ended, but what it wrote cannot be seen here yet; nothing is lost, and a later run looks again. */
  | {readonly kind: 'late'; readonly reason: string; readonly usage: JobUsage}
  /** Left running on purpose; a later run finds it. */
  | {readonly kind: 'detached'; readonly usage: JobUsage};

export interface Executor {
  readonly name: string;
  /** Settles when the job and all its children have ended; abort means: SIGTERM, after a grace time SIGKILL, and settle. */
  run(job: Job, signal: AbortSignal): Promise<JobOutcome>;
  /** Ends all running jobs without a grace time: the user has asked twice. Each still settles its `run`. */
  kill?(): void;
  /** What keeps it from running any job, for people; null when it is ready. Asked once, before the first. */
  problem?(): Promise<string | null>;
  /**
   * For executors whose jobs outlive the runner: true when the job was started by an earlier run and has not been
   * seen ending; `run` then waits for it and starts nothing. A job of another key in the same folder is ended.
   */
  find?(job: {readonly folder: string; readonly key: string}): Promise<boolean>;
}

/** What the caller of an executor file's default export may ask for. */
export interface ExecutorOptions {
  /** Settle as soon as the job is submitted, and leave jobs alone when the run is stopped. */
  readonly detach?: boolean;
}
