import {readFileSync, statSync} from 'node:fs';
import type {ConfigError} from './config-error.ts';
import {errorWithoutPlace} from './config-error.ts';

/** Room for 50,000 stages, which take seconds to read and a gigabyte of memory: beyond this it is the wrong file. */
const maximalBytes = 4 * 1024 * 1024;

type Read<T> = {readonly ok: true; readonly value: T} | {readonly ok: false; readonly error: ConfigError};

/** The bytes of the pipeline file; `shown` is the path as messages print it. */
export const readPipelineBytes = (path: string, shown: string): Read<Buffer> => {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return failed('file-unreadable', shown, 'this is a folder, not a pipeline file');
    if (stat.size > maximalBytes) {
      const found = `${(stat.size / 1024 / 1024).toFixed(1)} MB`;
      return failed('too-large', shown, 'this is too large for a pipeline file', {
        expected: 'at most 4 MB',
        found,
        suggestion: 'A matrix says in one stage what many stages have in common, and long commands can be scripts',
      });
    }
    return {ok: true, value: readFileSync(path)};
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return failed('file-not-found', shown, 'there is no such file');
    return failed('file-unreadable', shown, `cannot be read (${code ?? String(error)})`);
  }
};

/** UTF-8 decoded strictly: a replacement character would silently change a path or a param. */
export const decodeUtf8 = (bytes: Buffer, shown: string): Read<string> => {
  try {
    return {ok: true, value: new TextDecoder('utf-8', {fatal: true}).decode(bytes)};
  } catch {
    const offset = firstInvalidByte(bytes);
    const before = bytes.subarray(0, offset);
    const line = before.reduce((lines, byte) => lines + Number(byte === 0x0a), 1);
    const hex = bytes[offset]?.toString(16).padStart(2, '0');
    return failed('not-utf8', shown, `not valid UTF-8 at byte ${offset} (0x${hex}, line ${line})`, {
      suggestion: 'Save the file as UTF-8',
    });
  }
};

const failed = (...args: Parameters<typeof errorWithoutPlace>): {ok: false; error: ConfigError} => ({
  ok: false,
  error: errorWithoutPlace(...args),
});

/** A lenient decoder writes U+FFFD at the first broken sequence; one that the file itself holds is EF BF BD. */
const firstInvalidByte = (bytes: Buffer): number => {
  const text = new TextDecoder('utf-8', {ignoreBOM: true}).decode(bytes);
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf('\ufffd'); at !== -1; at = text.indexOf('\ufffd', from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return offset;
    offset += 3;
    from = at + 1;
  }
  return offset;
};
