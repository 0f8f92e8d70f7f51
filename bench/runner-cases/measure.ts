import {appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {installedPrograms} from '../harness/peers.ts';
import {timeRuns} from '../harness/timing.ts';
import type {RunnerPeer} from '../runners/runner-peer.ts';
import {type Command, execute, executeMeasured, type Usage} from './execute.ts';
import {prepare, type Shape} from './shapes.ts';

export const situations = ['cold', 'no-op', 'status', 'one input changed'] as const;
export type Situation = (typeof situations)[number];

export type Result =
  {readonly median: number; readonly runs: number; readonly usage: Usage | null} | {readonly reason: string};

export interface Measuring {
  readonly peer: RunnerPeer;
  readonly shape: Shape;
  readonly chosen: readonly Situation[];
  readonly quick: boolean;
}

/** Wall seconds of the whole process, medians, and what the last run took of CPU and memory. */
export const measure = async (measuring: Measuring): Promise<Partial<Record<Situation, Result>>> => {
  const {peer, shape, chosen} = measuring;
  const all = (reason: string) => Object.fromEntries(chosen.map(situation => [situation, {reason}]));
  const programs = installedPrograms(peer);
  if ('reason' in programs) return all(programs.reason);
  const without = shape.without(peer);
  if (without !== null) return all(without);
  try {
    return await measureInstalled(measuring, programs);
  } catch (error) {
    return all(error instanceof Error ? error.message.split('\n').slice(0, 2).join(' ') : String(error));
  }
};

const measureInstalled = async (
  {peer, shape, chosen, quick}: Measuring,
  programs: readonly string[],
): Promise<Partial<Record<Situation, Result>>> => {
  const results: Partial<Record<Situation, Result>> = {};
  const folders: string[] = [];
  const ready = (): string => {
    // Outside the repository: several tools, ours too, look for a project in the folders above.
    const folder = mkdtempSync(path.join(tmpdir(), 'bench-runner-'));
    folders.push(folder);
    prepare(folder, shape);
    if (shape.isMatrix === true && peer.writeMatrix !== undefined) peer.writeMatrix(folder, shape.dag);
    else peer.write(folder, shape.dag, programs);
    return folder;
  };
  const runIn = (cwd: string): Command => ({argv: peer.run(programs), cwd, env: peer.env ?? {}});
  const limits = {runs: quick ? 3 : 7, budget: quick ? 5 : 20};
  /** Wall times of some runs, and what the last of them took of CPU and memory. */
  const timed = async (next: () => Command, options: Parameters<typeof timeRuns>[1]): Promise<Result> => {
    let usage: Usage | null = null;
    const timing = await timeRuns(async () => (usage = await executeMeasured(next())), options);
    return {...timing, usage};
  };
  try {
    // Each in a folder of its own, written before the clock starts and deleted after the last one: ext4 looks for room
    // among what was just deleted, at the expense of who comes next.
    const colds = Array.from({length: quick || !chosen.includes('cold') ? 1 : 3}, ready);
    const next = colds.values();
    const cold = await timed(() => runIn(next.next().value!), {...limits, runs: colds.length});
    if (chosen.includes('cold')) results.cold = cold;
    const folder = colds[0]!;
    const run = runIn(folder);
    await execute(run);
    if (chosen.includes('no-op')) results['no-op'] = await timed(() => run, limits);
    if (chosen.includes('status')) {
      const argv = peer.status?.(programs);
      results.status =
        argv === undefined
          ? {reason: 'has no such command'}
          : await timed(() => ({...run, argv, mayFail: true}), limits);
    }
    if (chosen.includes('one input changed')) {
      let text = 'edited';
      const edit = async (): Promise<void> => {
        // Another length, and later by more than a tick of the file system's clock: this bench is about speed.
        text += '!';
        await setTimeout(50);
        if (shape.result === null) appendFileSync(path.join(folder, shape.edited), '!');
        else writeFileSync(path.join(folder, shape.edited), text);
      };
      const check = (): void => {
        // A tool that did not notice the edit would look fast.
        if (shape.result !== null && readFileSync(path.join(folder, shape.result), 'utf8') !== text)
          throw new Error('it did not bring the output up to date');
      };
      results['one input changed'] = await timed(() => run, {...limits, before: edit, after: check});
    }
    return results;
  } finally {
    for (const folder of folders) rmSync(folder, {recursive: true, force: true});
  }
};
