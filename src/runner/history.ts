import {appendFileSync, mkdirSync, readFileSync, renameSync, statSync} from 'node:fs';
import path from 'node:path';
import type {Failure, Outcome} from '../contract/event.ts';
import {git} from './git.ts';
import type {Project} from './project.ts';
import type {Settled} from './make.ts';

/** One line of `.pipeline/runs.jsonl`; runs in which everything was fresh are not written down. */
export interface HistoryLine {
  /** When it ended: ISO 8601, UTC. */
  readonly at: string;
  readonly pipeline: string;
  readonly profile: string;
  /** `1a2b3c4d5e6f`, with `-dirty` where tracked files had been edited; null outside a repository. */
  readonly commit: string | null;
  readonly outcome: 'done' | 'failed' | 'interrupted';
  readonly seconds: number;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** All but the fresh ones. */
  readonly stages: readonly HistoryStage[];
}

export interface HistoryStage {
  readonly id: string;
  readonly outcome: Outcome;
  readonly seconds: number;
  readonly cpuSeconds?: number;
  readonly peakMemoryMb?: number;
  readonly failure?: Failure['kind'];
}

export interface FinishedRun {
  readonly commit: string | null;
  readonly seconds: number;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly interrupted: boolean;
  readonly settled: ReadonlyMap<string, Settled>;
}

/** Two files of this size at most: some thousand runs. */
const fullAt = 2 << 20;

/** What is checked out, as the run begins. */
export const currentCommit = async (root: string): Promise<string | null> => {
  const {ok, stdout} = await git(root, ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*']);
  return ok ? stdout.toString().trim() : null;
};

export const appendHistory = ({graph, paths}: Project, run: FinishedRun): void => {
  const line: HistoryLine = {
    at: new Date().toISOString(),
    pipeline: graph.pipeline.name,
    profile: graph.pipeline.profile,
    commit: run.commit,
    outcome: run.interrupted ? 'interrupted' : run.counts.failed > 0 ? 'failed' : 'done',
    seconds: rounded(run.seconds),
    counts: run.counts,
    stages: [...run.settled]
      .filter(([, {outcome}]) => outcome !== 'fresh')
      .map(([id, settled]) => stageLine(id, settled)),
  };
  mkdirSync(path.dirname(paths.runs), {recursive: true});
  // A rename loses nothing of what another run appends meanwhile: it goes to the one file or the other, and both are read.
  if ((statSync(paths.runs, {throwIfNoEntry: false})?.size ?? 0) > fullAt)
    renameSync(paths.runs, olderRuns(paths.runs));
  // One write of one line: two runs that end at the same time do not mix.
  appendFileSync(paths.runs, `${JSON.stringify(line)}\n`);
};

/** The runs in this folder, oldest first. */
export const readHistory = ({paths}: Pick<Project, 'paths'>): HistoryLine[] =>
  [olderRuns(paths.runs), paths.runs].flatMap(file =>
    readOrEmpty(file)
      .split('\n')
      .flatMap(text => parseLine(text) ?? []),
  );

const stageLine = (id: string, {outcome, seconds, usage, failure}: Settled): HistoryStage => ({
  id,
  outcome,
  seconds: rounded(seconds),
  ...(usage?.cpuSeconds === undefined ? {} : {cpuSeconds: usage.cpuSeconds}),
  ...(usage?.peakMemoryMb === undefined ? {} : {peakMemoryMb: usage.peakMemoryMb}),
  ...(failure === undefined ? {} : {failure: failure.kind}),
});

const olderRuns = (file: string): string => file.replace(/\.jsonl$/, '.old.jsonl');

/** Microseconds are noise. */
const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;

const readOrEmpty = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** null for what a crash or a full disk has cut off, and for lines of versions that wrote less. */
const parseLine = (text: string): HistoryLine | null => {
  try {
    const line = JSON.parse(text) as HistoryLine;
    return typeof line.at === 'string' && typeof line.outcome === 'string' && Array.isArray(line.stages) ? line : null;
  } catch {
    return null;
  }
};
