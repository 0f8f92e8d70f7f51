import {appendFileSync, mkdirSync} from 'node:fs';
import path from 'node:path';
import type {RunResult} from './run.ts';
import type {Project} from './project.ts';
import type {Settled} from './settle.ts';

interface Run extends RunResult {
  readonly seconds: number;
  readonly settled: ReadonlyMap<string, Settled>;
}

/** One line of `.pipeline/runs.jsonl`; runs in which everything was fresh are not written down. */
export interface HistoryLine {
  readonly at: string;
  readonly pipeline: string;
  readonly profile: string;
  readonly seconds: number;
  readonly counts: RunResult['counts'];
  readonly interrupted: boolean;
  readonly stages: readonly {readonly id: string; readonly outcome: string; readonly seconds: number}[];
}

export const appendHistory = ({graph, paths}: Project, run: Run): void => {
  const line: HistoryLine = {
    at: new Date().toISOString(),
    pipeline: graph.pipeline.name,
    profile: graph.pipeline.profile,
    seconds: run.seconds,
    counts: run.counts,
    interrupted: run.interrupted,
    stages: [...run.settled]
      .filter(([, {outcome}]) => outcome !== 'fresh')
      .map(([id, {outcome, seconds}]) => ({id, outcome, seconds})),
  };
  mkdirSync(path.dirname(paths.runs), {recursive: true});
  // One write of one line: two runs that end at the same time do not mix.
  appendFileSync(paths.runs, `${JSON.stringify(line)}\n`);
};
