/** How a job's process ended; `error` where it could not be started or was lost sight of. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly error?: Error;
}

/** The process group that a job and all that it starts are in. */
export interface JobGroup {
  readonly id: number;
  /** The job's first process; what else is in the group was started after it. */
  readonly leader: number;
  /** A member that is no part of the job and outlives it: the shell that jobs are started from. */
  readonly keeper?: number;
}

/** A job that has been started, in whichever way. */
export interface StartedJob {
  /** undefined until it is known, and for good where there is none. */
  readonly group: () => JobGroup | undefined;
  /** Settles when the leader has ended, whatever it has left running. */
  readonly exited: Promise<Exit>;
  /** User and system seconds of all that it has waited for, once it has ended; undefined where nobody counts them. */
  readonly cpuSeconds: () => number | undefined;
}

export type OnText = (text: string) => void;
