import {type Dirent, lstatSync, readdirSync, rmSync} from 'node:fs';
import path from 'node:path';

/** One thing that can go: an object, or the checkpoints of a job that was cut short. */
export interface Stored {
  readonly kind: 'object' | 'checkpoint';
  /** Of an object its 64 hex digits, of checkpoints their folder's name. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** When it was last written or asked for. */
  readonly usedMs: number;
}

export const listStored = ({objects, checkpoints}: {objects: string; checkpoints: string}): Stored[] => [
  ...listObjects(objects),
  ...entries(checkpoints).map(({name}): Stored => {
    const folder = path.join(checkpoints, name);
    return {kind: 'checkpoint', name, path: folder, ...measure(folder)};
  }),
];

const listObjects = (objects: string): Stored[] => {
  const found: Stored[] = [];
  for (const {name: start} of entries(objects)) {
    for (const {name: rest} of entries(path.join(objects, start))) {
      const file = path.join(objects, start, rest);
      const stats = lstatSync(file, {throwIfNoEntry: false});
      if (stats?.isFile() !== true || !/^[0-9a-f]{64}$/.test(start + rest)) continue;
      found.push({kind: 'object', name: start + rest, path: file, bytes: stats.size, usedMs: stats.mtimeMs});
    }
  }
  return found;
};

const measure = (target: string): {bytes: number; usedMs: number} => {
  const stats = lstatSync(target, {throwIfNoEntry: false});
  if (stats === undefined) return {bytes: 0, usedMs: 0};
  let [bytes, usedMs] = [stats.isFile() ? stats.size : 0, stats.mtimeMs];
  for (const {name} of stats.isDirectory() ? entries(target) : []) {
    const inside = measure(path.join(target, name));
    bytes += inside.bytes;
    usedMs = Math.max(usedMs, inside.usedMs);
  }
  return {bytes, usedMs};
};

/** False when it has been used since it was listed: then it stays. */
export const removeStored = ({kind, path: target, usedMs}: Stored): boolean => {
  const stats = lstatSync(target, {throwIfNoEntry: false});
  if (stats === undefined || (kind === 'object' && stats.mtimeMs > usedMs)) return false;
  // The folder of an object stays, even if it is empty now: a run may be about to rename another one into it.
  rmSync(target, {recursive: true, force: true});
  return true;
};

const entries = (folder: string): Dirent[] => {
  try {
    return readdirSync(folder, {withFileTypes: true});
  } catch {
    return [];
  }
};
