/** How a job's process ended; `error` where it could not be started or was lost sight of. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly error?: Error;
}

/** A job that has been started, in whichever way. */
export interface StartedJob {
  /** The leader of its process group; undefined until that is known, and for good where there is none. */
  readonly pid: () => number | undefined;
  /** Settles when the leader has ended, whatever it has left running. */
  readonly exited: Promise<Exit>;
}

export type OnText = (text: string) => void;
