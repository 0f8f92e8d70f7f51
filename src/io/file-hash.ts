import {createHash} from 'node:crypto';
import fs from 'node:fs';

/** SHA-256 of a file's bytes, in hex; memory stays flat. */
export const sha256OfFile = (file: string): string => {
  const hash = createHash('sha256');
  const descriptor = fs.openSync(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (let read; (read = fs.readSync(descriptor, buffer)) > 0;) hash.update(buffer.subarray(0, read));
  } finally {
    fs.closeSync(descriptor);
  }
  return hash.digest('hex');
};
