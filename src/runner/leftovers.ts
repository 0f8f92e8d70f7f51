import {readdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import type {ProjectPaths} from './state/paths.ts';

/** Removes temporary files of runners that were killed; their names begin with the pid. */
export const removeLeftovers = ({tmp, code, recorded, locks, state}: ProjectPaths): void => {
  for (const folder of [tmp, code, recorded, locks, state]) {
    for (const name of namesIn(folder)) {
      const [, pid] = /^\.(\d+)-[0-9a-z]+-\d+/.exec(name) ?? [];
      if (pid === undefined || isRunning(Number(pid))) continue;
      rmSync(path.join(folder, name), {recursive: true, force: true});
    }
  }
};

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
};
