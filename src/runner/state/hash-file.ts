import {createHash, hash} from 'node:crypto';
import {closeSync, openSync, readFileSync, readSync} from 'node:fs';

const wholeUpTo = 1 << 20;
/** Of what is read at a time; other sizes and ways are compared in docs/decisions/0006. */
const chunkBytes = 4 << 20;
let buffer: Buffer | undefined;

/** SHA-256 of a file's bytes, in hex. Synchronous: for many small files promises cost seven times as much. */
export const hashFile = (file: string, size: number): string => {
  if (size < wholeUpTo) return hash('sha256', readFileSync(file));
  const whole = createHash('sha256');
  buffer ??= Buffer.allocUnsafe(chunkBytes);
  const descriptor = openSync(file, 'r');
  try {
    for (;;) {
      const read = readSync(descriptor, buffer);
      if (read === 0) return whole.digest('hex');
      whole.update(read === buffer.length ? buffer : buffer.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
};

/** In one step: thousands of keys and records are hashed in a plan, and a `Hash` object costs more than their bytes. */
export const hashText = (text: string): string => hash('sha256', text);
