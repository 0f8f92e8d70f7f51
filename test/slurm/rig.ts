import {execFileSync, spawnSync} from 'node:child_process';
import {test} from 'vitest';
import {createRig as createAny, type Rig} from '../rig.ts';

/** Why these tests cannot be made here; null where a Slurm answers. */
export const noSlurm = ((): string | null => {
  const {status, error} = spawnSync('squeue', ['--me', '-h'], {timeout: 20_000});
  return error !== undefined ? 'there is no squeue' : status === 0 ? null : 'squeue gets no answer';
})();

/** Tests that want a Slurm say what they lack where there is none. */
export const slurmTest: (name: string, run: () => Promise<void>, timeoutMs?: number) => void =
  noSlurm === null
    ? (name, run, timeoutMs) => test(name, run, timeoutMs)
    : name => test.skip(`${name} (left out: ${noSlurm})`, () => {});

export interface SlurmRig extends Rig {
  /** Jobs of this user that are not over: their names. */
  queued(): string[];
  until(isTrue: () => boolean): Promise<void>;
}

export const createRig = (env: Readonly<Record<string, string>> = {}): SlurmRig => ({
  ...createAny(env),
  queued: () =>
    execFileSync('squeue', ['--me', '-h', '-o', '%j'], {encoding: 'utf8'})
      .split('\n')
      .filter(name => name !== ''),
  until: async isTrue => {
    while (!isTrue()) await new Promise(resolve => setTimeout(resolve, 50));
  },
});
