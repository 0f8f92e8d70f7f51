/** A synthetic pipeline that every runner can express: each stage makes one small file from one file. */
export interface Dag {
  readonly stages: readonly DagStage[];
  /** Root inputs; the first is the one that is edited. */
  readonly inputs: readonly string[];
}

export interface DagStage {
  readonly name: string;
  /** Another stage's output or a root input. */
  readonly input: string;
  /** The stage that writes `input`; null for a root input. */
  readonly needs: string | null;
  readonly output: string;
  /** Run in the project's folder; default: `input` copied to `output`. Without quotes, `$`, `%` and braces. */
  readonly command?: string;
}

export const commandOf = ({input, output, command}: DagStage): string => command ?? `cat ${input} > ${output}`;

/** `bench/runners/<name>.ts`, found by file name. */
export interface RunnerPeer {
  readonly name: string;
  /** Programs that must be there, as absolute paths in the order asked for. */
  readonly programs: readonly string[];
  /** Writes the pipeline into a folder that holds the root inputs already. */
  write(folder: string, dag: Dag, programs: readonly string[]): void;
  /** The same where all stages are values of one axis, for a tool that has such. */
  writeMatrix?(folder: string, dag: Dag): void;
  /** A folder can be an input, with all that is in it. */
  readonly takesFolders?: boolean;
  /** Brings everything up to date. */
  run(programs: readonly string[]): readonly string[];
  /** Tells what would run without running it; null when the tool has no such command. */
  readonly status: ((programs: readonly string[]) => readonly string[]) | null;
  readonly env?: Readonly<Record<string, string>>;
  /** Where this tool has to find a stage's output, when it is not free to choose; default `out/<stage>.txt`. */
  readonly outputOf?: (stage: string) => string;
  /** Larger pipelines take this tool minutes. */
  readonly mostStages?: number;
  /** A thousand stages take it a minute: once is enough for `--quick`. */
  readonly isSlow?: boolean;
}

/** `count` stages in `chains` chains side by side: editing one root input makes one chain rerun. */
export const makeDag = (count: number, chains = 10): Dag => ({
  stages: Array.from({length: count}, (_, index) => ({
    name: `s${index}`,
    input: index < chains ? `in/${index}.txt` : `out/s${index - chains}.txt`,
    needs: index < chains ? null : `s${index - chains}`,
    output: `out/s${index}.txt`,
  })),
  inputs: Array.from({length: Math.min(chains, count)}, (_, index) => `in/${index}.txt`),
});
