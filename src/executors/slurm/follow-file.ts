import {closeSync, openSync, readSync} from 'node:fs';
import {StringDecoder} from 'node:string_decoder';

const block = Buffer.alloc(1 << 16);

/** Each call hands on what was added to a file since the last one. The file need not be there yet. */
export const followFile = (file: string, onText: (text: string) => void): (() => void) => {
  const decoder = new StringDecoder('utf8');
  let done = 0;
  return () => {
    let descriptor: number;
    try {
      descriptor = openSync(file, 'r');
    } catch {
      return;
    }
    try {
      for (let read; (read = readSync(descriptor, block, 0, block.length, done)) > 0; done += read) {
        onText(decoder.write(block.subarray(0, read)));
      }
    } finally {
      closeSync(descriptor);
    }
  };
};
