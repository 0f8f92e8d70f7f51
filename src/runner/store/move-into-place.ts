import {cpSync, mkdirSync, renameSync, rmSync} from 'node:fs';
import path from 'node:path';
import {temporaryName} from '../state/write-atomically.ts';

/**
 * Renames a finished file or folder to where it belongs. A file replaces a file in one step; a folder in the way is moved
 * aside first, so that a reader finds the old one, nothing, or the new one, but never a mixture.
 */
export const moveIntoPlace = (from: string, to: string, trash: string): void => {
  mkdirSync(path.dirname(to), {recursive: true});
  try {
    rename(from, to);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'EISDIR', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
    const old = path.join(trash, temporaryName());
    rename(to, old);
    rename(from, to);
    rmSync(old, {recursive: true, force: true});
  }
};

const rename = (from: string, to: string): void => {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    // The artifact folder is on another file system: copy beside the place, then rename there.
    const beside = path.join(path.dirname(to), `${temporaryName()}.tmp`);
    try {
      cpSync(from, beside, {recursive: true, preserveTimestamps: true, verbatimSymlinks: true});
      renameSync(beside, to);
    } finally {
      rmSync(beside, {recursive: true, force: true});
    }
    rmSync(from, {recursive: true, force: true});
  }
};
