import fs from 'node:fs';
import {join} from 'node:path';

const fileOf = (folder: string): string => join(folder, 'SHA256SUMS');

/** Path in the data folder → SHA-256, from its SHA256SUMS; none where there is no such file. */
export const readSums = (folder: string): Map<string, string> => {
  const file = fileOf(folder);
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const lines = text.split('\n').flatMap(line => {
    const [, hash, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line.trim()) ?? [];
    return hash !== undefined && path !== undefined ? [[path, hash] as const] : [];
  });
  return new Map(lines);
};

/** As `sha256sum` writes and checks it, sorted. A file that says the same already, perhaps in a folder that is read-only, is left alone. */
export const writeSums = (folder: string, sums: ReadonlyMap<string, string>): void => {
  const known = readSums(folder);
  if (known.size === sums.size && [...sums].every(([path, hash]) => known.get(path) === hash)) return;
  const lines = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, hash]) => `${hash}  ${path}\n`);
  fs.writeFileSync(fileOf(folder), lines.join(''));
};
