import {createHash} from 'node:crypto';
import type {Hash} from 'node:crypto';
import fs from 'node:fs';

/** SHA-256 of a file's bytes, in hex. */
export const sha256OfFile = (file: string): string => digestOfFile(file, createHash('sha256'));

/** What `hash` makes, in hex, of all that it has been given and then of a file's bytes; memory stays flat. */
export const digestOfFile = (file: string, hash: Hash): string => {
  const descriptor = fs.openSync(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (let read; (read = fs.readSync(descriptor, buffer)) > 0;) hash.update(buffer.subarray(0, read));
  } finally {
    fs.closeSync(descriptor);
  }
  return hash.digest('hex');
};
