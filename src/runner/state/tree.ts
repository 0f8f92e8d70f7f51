import {lstatSync, readdirSync, readlinkSync, type BigIntStats} from 'node:fs';

/** One entry of a folder, at any depth. Links are not followed, so that loops are harmless. */
export type TreeEntry =
  | {readonly kind: 'file'; readonly path: string; readonly digest: string; readonly executable: boolean}
  | {readonly kind: 'folder'; readonly path: string}
  | {readonly kind: 'link'; readonly path: string; readonly target: string};

/** Everything below a folder, by path (with `/`) in code-unit order: a locale must not change a hash. */
export const readTree = (folder: string, digestOf: (file: string, stats: BigIntStats) => string): TreeEntry[] => {
  const entries: TreeEntry[] = [];
  const walk = (relative: string): void => {
    for (const name of readdirSync(`${folder}/${relative}`)) {
      const path = relative + name;
      const file = `${folder}/${path}`;
      const stats = lstatSync(file, {bigint: true, throwIfNoEntry: false});
      if (stats === undefined) continue;
      if (stats.isFile()) {
        entries.push({kind: 'file', path, digest: digestOf(file, stats), executable: (stats.mode & 0o100n) !== 0n});
      } else if (stats.isDirectory()) {
        entries.push({kind: 'folder', path});
        walk(`${path}/`);
      } else if (stats.isSymbolicLink()) entries.push({kind: 'link', path, target: readlinkSync(file)});
    }
  };
  walk('');
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
};

/** One line an entry, ended by NUL because names may hold anything else. */
export const manifestOf = (entries: readonly TreeEntry[]): string => {
  let text = '';
  for (const entry of entries) {
    if (entry.kind === 'file') text += `${entry.executable ? 'x' : 'f'} ${entry.digest} ${entry.path}\0`;
    else if (entry.kind === 'folder') text += `d ${entry.path}\0`;
    else text += `l ${JSON.stringify(entry.target)} ${entry.path}\0`;
  }
  return text;
};

/** The inverse of `manifestOf`; null for text that is not a manifest. */
export const parseManifest = (text: string): TreeEntry[] | null => {
  const entries: TreeEntry[] = [];
  for (const line of text.split('\0').slice(0, -1)) {
    const [, kind, rest] = /^([fxdl]) ([^]*)$/.exec(line) ?? [];
    if (kind === undefined || rest === undefined) return null;
    if (kind === 'd') entries.push({kind: 'folder', path: rest});
    else if (kind === 'l') {
      const [, target, path] = /^("(?:[^"\\]|\\.)*") ([^]*)$/.exec(rest) ?? [];
      if (target === undefined || path === undefined) return null;
      entries.push({kind: 'link', path, target: JSON.parse(target) as string});
    } else entries.push({kind: 'file', path: rest.slice(65), digest: rest.slice(0, 64), executable: kind === 'x'});
  }
  return entries;
};
