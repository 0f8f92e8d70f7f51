import {createHash} from 'node:crypto';
import {closeSync, openSync, readFileSync, readSync} from 'node:fs';

const wholeUpTo = 1 << 20;
let buffer: Buffer | undefined;

/** SHA-256 of a file's bytes, in hex. Synchronous: for many small files promises cost seven times as much. */
export const hashFile = (file: string, size: number): string => {
  const hash = createHash('sha256');
  if (size < wholeUpTo) return hash.update(readFileSync(file)).digest('hex');
  buffer ??= Buffer.allocUnsafe(wholeUpTo);
  const descriptor = openSync(file, 'r');
  try {
    for (;;) {
      const read = readSync(descriptor, buffer);
      if (read === 0) return hash.digest('hex');
      hash.update(read === buffer.length ? buffer : buffer.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
};

export const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');
