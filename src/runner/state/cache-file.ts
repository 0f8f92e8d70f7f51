import {readFileSync} from 'node:fs';
import {hashText} from './hash-file.ts';
import {writeIfPossible} from './write-atomically.ts';

export interface CacheEntry {
  readonly signature: string;
  readonly digest: string;
}

const header = 'distill-pipeline stat cache 1 ';

/**
 * `<digest><signature> <path>` lines under a line with their checksum: ten thousand are read in a few milliseconds,
 * which JSON is not. Anything unexpected is an empty cache, since everything in it can be found out again.
 */
export const readCacheFile = (file: string): Map<string, CacheEntry> => {
  const entries = new Map<string, CacheEntry>();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return entries;
  }
  const start = text.indexOf('\n') + 1;
  const body = text.slice(start);
  if (text.slice(0, start) !== `${header}${hashText(body)}\n`) return entries;
  for (let from = 0; from < body.length;) {
    const end = body.indexOf('\n', from);
    const space = body.indexOf(' ', from);
    entries.set(body.slice(space + 1, end), {
      digest: body.slice(from, from + 64),
      signature: body.slice(from + 64, space),
    });
    from = end + 1;
  }
  return entries;
};

export const writeCacheFile = (file: string, entries: ReadonlyMap<string, CacheEntry>): void => {
  const lines: string[] = [];
  for (const [path, {digest, signature}] of entries) {
    // A name with a line break is hashed each time instead.
    if (!path.includes('\n')) lines.push(`${digest}${signature} ${path}\n`);
  }
  const body = lines.join('');
  writeIfPossible(file, `${header}${hashText(body)}\n${body}`);
};
