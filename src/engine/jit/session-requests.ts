/** Numbers for sessions: in memory that both threads share, or, where they are to be kept, moved to the sessions' thread. */
export interface SessionTensor {
  readonly dtype: 'float32' | 'int32';
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export type SessionTensors = Readonly<Record<string, SessionTensor>>;

/** What sessions are asked for, by kind. */
export interface Requests {
  readonly open: {readonly session: number; readonly model: Uint8Array; readonly options: object};
  readonly keep: {readonly store: number; readonly tensors: SessionTensors};
  readonly drop: {readonly store: number};
  readonly run: {
    readonly session: number;
    readonly store: number | undefined;
    readonly feeds: SessionTensors;
    readonly fetches: SessionTensors;
  };
  readonly close: {readonly session: number};
}
