import {readdirSync} from 'node:fs';
import path from 'node:path';
import type {RunnerPeer} from '../runners/runner-peer.ts';
import {findProgram} from './places.ts';

/** The runners that ours is compared with, found by file name: `bench/runners/<name>.ts`. */
export const loadPeers = async (): Promise<RunnerPeer[]> => {
  const folder = path.join(import.meta.dirname, '..', 'runners');
  const files = readdirSync(folder).filter(file => /\.[jt]s$/.test(file) && !/^(ours|runner-peer)\./.test(file));
  const modules = files.sort().map(file => import(path.join(folder, file)) as Promise<{default: RunnerPeer}>);
  return (await Promise.all(modules)).map(module => module.default);
};

/** The programs of a peer, or why it cannot be measured. */
export const installedPrograms = ({programs}: RunnerPeer): readonly string[] | {readonly reason: string} => {
  const found = programs.map(findProgram);
  const missing = programs.filter((_, index) => found[index] === null);
  return missing.length === 0
    ? (found as string[])
    : {reason: `${missing.join(', ')} not installed: bash bench/setup.sh runner`};
};
