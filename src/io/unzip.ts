import fs from 'node:fs';
import path from 'node:path';
import {Unzip, UnzipInflate} from 'fflate';

const block = 1 << 20;

/**
 * Takes files out of a zip archive in one pass, with flat memory. `target` says where an entry goes, null: nowhere; names of
 * entries never become paths. Returns the names of the entries taken. Files that were begun when it throws are incomplete.
 */
export const unzip = (archive: string, target: (entry: string) => string | null): string[] => {
  const taken: string[] = [];
  const open = new Set<number>();
  let failure: Error | null = null;
  const reader = new Unzip(entry => {
    const file = target(entry.name);
    if (file === null) return;
    fs.mkdirSync(path.dirname(file), {recursive: true});
    const descriptor = fs.openSync(file, 'w');
    open.add(descriptor);
    entry.ondata = (error, data, isLast) => {
      failure ??= error;
      if (data?.length) fs.writeSync(descriptor, data);
      if (!isLast && !error) return;
      fs.closeSync(descriptor);
      open.delete(descriptor);
      if (!error) taken.push(entry.name);
    };
    entry.start();
  });
  reader.register(UnzipInflate);
  const input = fs.openSync(archive, 'r');
  try {
    const buffer = Buffer.allocUnsafe(block);
    for (let read = -1; read !== 0 && failure === null;) {
      read = fs.readSync(input, buffer);
      // A copy: the reader keeps what it could not use yet.
      reader.push(Uint8Array.from(buffer.subarray(0, read)), read === 0);
    }
  } catch (error) {
    failure = error as Error;
  } finally {
    for (const descriptor of [input, ...open]) fs.closeSync(descriptor);
  }
  if (failure !== null || open.size > 0)
    throw new Error(`${archive} is damaged or cut off (${failure === null ? 'an entry does not end' : (failure).message}). Delete it and run again.`); // prettier-ignore
  return taken;
};
