import {appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {installedPrograms} from '../harness/peers.ts';
import {timeRuns} from '../harness/timing.ts';
import type {RunnerPeer} from '../runners/runner-peer.ts';
import {type Command, execute, type Usage, usageOf} from './execute.ts';
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

/** Wall seconds of the whole process, medians, and what one more run took of CPU and memory. */
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
  try {
    if (chosen.includes('cold')) {
      // Each run in a folder of its own, written before the clock starts.
      const fresh = Array.from({length: quick ? 1 : 3}, ready);
      const next = fresh.values();
      const timing = await timeRuns(() => execute(runIn(next.next().value!)), {
        runs: fresh.length,
        budget: limits.budget,
      });
      results.cold = {...timing, usage: await usageOf(runIn(ready()))};
      for (const folder of folders.splice(0)) rmSync(folder, {recursive: true, force: true});
    }
    const folder = ready();
    const run = runIn(folder);
    for (let count = 0; count < 2; count++) await execute(run);
    if (chosen.includes('no-op')) {
      results['no-op'] = {...(await timeRuns(() => execute(run), limits)), usage: await usageOf(run)};
    }
    if (chosen.includes('status')) {
      const argv = peer.status?.(programs);
      const status = argv === undefined ? null : {...run, argv, mayFail: true};
      results.status =
        status === null
          ? {reason: 'has no such command'}
          : {...(await timeRuns(() => execute(status), limits)), usage: await usageOf(status)};
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
      const timing = await timeRuns(() => execute(run), {...limits, before: edit, after: check});
      await edit();
      results['one input changed'] = {...timing, usage: await usageOf(run)};
    }
    return results;
  } finally {
    for (const folder of folders) rmSync(folder, {recursive: true, force: true});
  }
};
