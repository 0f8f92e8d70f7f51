/** What a file of vectors is written with: the same for every teacher. */
export interface Writing {
  readonly out: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly progress: (done: number, total: number, unit: string) => void;
}
