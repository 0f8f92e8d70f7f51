import {randomUUID} from 'node:crypto';
import {existsSync} from 'node:fs';
import {copyFile, mkdir, rename, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import type {OpenRemote} from '../contract/remote.ts';

/** A folder that several machines, users or checkouts see: `objects/ab/cdef…`, as in the store itself. */
const open: OpenRemote = (address, {root}) => {
  const folder = path.resolve(root, address);
  const objectFile = (digest: string): string => path.join(folder, 'objects', digest.slice(0, 2), digest.slice(2));
  return {
    async problem(purpose) {
      const found = await stat(folder).catch(() => null);
      if (found?.isDirectory() === false) return `${folder} is a file, expected a folder`;
      // An empty mount point looks like a folder that is not there yet; only its parent must be.
      if (purpose === 'pull' && found === null) return `there is no folder ${folder}: nothing was pushed there`;
      if (found === null && !existsSync(path.dirname(folder))) return `there is no folder ${path.dirname(folder)}`;
      return null;
    },
    has: async digest => existsSync(objectFile(digest)),
    async put(digest, file) {
      const object = objectFile(digest);
      const temporary = path.join(path.dirname(object), `.${digest.slice(2, 10)}-${randomUUID()}.tmp`);
      await mkdir(path.dirname(object), {recursive: true});
      try {
        await copyFile(file, temporary);
        await rename(temporary, object);
      } catch (error) {
        await rm(temporary, {force: true});
        throw error;
      }
    },
    async get(digest, file) {
      try {
        await copyFile(objectFile(digest), file);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
        throw error;
      }
    },
  };
};

export default open;
