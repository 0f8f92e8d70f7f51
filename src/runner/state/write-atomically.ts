import {mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';

let counter = 0;

/** Unique among processes and within this one; starts with a dot and the pid, so that leftovers can be recognised. */
export const temporaryName = (): string => `.${process.pid}-${Date.now().toString(36)}-${counter++}`;

/** A reader sees the old file or the new one, whole; a killed writer leaves the old. */
export const writeAtomically = (file: string, data: string | Uint8Array): void => {
  const temporary = path.join(path.dirname(file), `${temporaryName()}.tmp`);
  const write = (): void => {
    writeFileSync(temporary, data);
    renameSync(temporary, file);
  };
  try {
    try {
      write();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      mkdirSync(path.dirname(file), {recursive: true});
      write();
    }
  } catch (error) {
    rmSync(temporary, {force: true});
    throw error;
  }
};

/** For what can be found out again: no room, or no right to write, then costs time and nothing else. */
export const writeIfPossible = (file: string, data: string | Uint8Array): void => {
  try {
    writeAtomically(file, data);
  } catch (error) {
    const {code = ''} = error as NodeJS.ErrnoException;
    if (!['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM'].includes(code)) throw error;
  }
};
