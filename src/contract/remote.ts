/**
 * A place where outputs are kept for other machines. Its objects are named by the SHA-256 of their bytes, in hex; who
 * fetches one checks it. All methods reject, with words for people, where the place does not answer.
 */
export interface Remote {
  /** What keeps it from being used at all, for people; null when it is ready. Asked once, before anything else. */
  problem(purpose: 'push' | 'pull'): Promise<string | null>;
  has(digest: string, signal: AbortSignal): Promise<boolean>;
  /** Copies `file` there: afterwards the object is there whole, or not at all. */
  put(digest: string, file: string, signal: AbortSignal): Promise<void>;
  /** Copies the object to `file`, which does not exist; false when there is none. What is half there is the caller's to remove. */
  get(digest: string, file: string, signal: AbortSignal): Promise<boolean>;
}

/** The default export of `src/remotes/<kind>.ts`, for the address as it stands in pipeline.yaml. */
export type OpenRemote = (address: string, settings: RemoteSettings) => Remote;

export interface RemoteSettings {
  /** What a relative path is relative to. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}
