import {existsSync, rmSync} from 'node:fs';
import path from 'node:path';
import type {ProjectPaths} from '../state/paths.ts';
import {fileNameOf} from '../state/paths.ts';

type Logs = Pick<ProjectPaths, 'logs'>;

/** `<id>.log`, and `<id>~2.log` for the second attempt: no instance has a `~` in its file name. Counted from 1. */
export const attemptLog = ({logs}: Logs, id: string, attempt: number): string =>
  path.join(logs, `${fileNameOf(id)}${attempt === 1 ? '' : `~${attempt}`}.log`);

/** Logs of the last run of an instance, first attempt first; empty when it has not run here. */
export const attemptLogs = (paths: Logs, id: string): string[] => {
  const files: string[] = [];
  for (let attempt = 1; ; attempt++) {
    const file = attemptLog(paths, id, attempt);
    if (!existsSync(file)) return files;
    files.push(file);
  }
};

/** Before a first attempt: later ones are of an earlier run. */
export const dropLaterAttempts = (paths: Logs, id: string): void => {
  for (let attempt = 2; ; attempt++) {
    const file = attemptLog(paths, id, attempt);
    if (!existsSync(file)) return;
    rmSync(file, {force: true});
  }
};
