import {lstatSync, readdirSync, readlinkSync, realpathSync, statSync, type BigIntStats} from 'node:fs';
import path from 'node:path';

/** One entry of a folder, at any depth. */
export type TreeEntry =
  | {readonly kind: 'file'; readonly path: string; readonly digest: string; readonly executable: boolean}
  | {readonly kind: 'folder'; readonly path: string}
  | {readonly kind: 'link'; readonly path: string; readonly target: string};

/** Links are always kept as such, or are followed where they lead out of the folder: what is there is read through them. */
export type Links = 'keep' | 'follow-out';

type DigestOf = (file: string, stats: BigIntStats) => string;

/** Everything below a folder, by path (with `/`) in code-unit order: a locale must not change a hash. */
export const readTree = (folder: string, digestOf: DigestOf, links: Links = 'keep'): TreeEntry[] => {
  const entries: TreeEntry[] = [];
  // Where the walk has been or will come by: a link that leads there shows nothing that isn't listed, so loops end.
  const walked: string[] = [];
  const addFile = (path: string, file: string, stats: BigIntStats): void => {
    entries.push({kind: 'file', path, digest: digestOf(file, stats), executable: (stats.mode & 0o100n) !== 0n});
  };
  const addLink = (path: string, file: string): void => {
    const target = links === 'keep' ? null : targetOutside(file, (walked[0] ??= realpathSync(folder)), walked);
    const stats = target === null ? undefined : statSync(target, {bigint: true, throwIfNoEntry: false});
    if (target !== null && stats?.isFile() === true) addFile(path, target, stats);
    else if (target !== null && stats?.isDirectory() === true) {
      entries.push({kind: 'folder', path});
      walked.push(target);
      walk(`${path}/`);
    } else entries.push({kind: 'link', path, target: readlinkSync(file)});
  };
  const walk = (relative: string): void => {
    // Which of two links to one folder is followed must not depend on the file system.
    for (const name of readdirSync(`${folder}/${relative}`).sort()) {
      const path = relative + name;
      const file = `${folder}/${path}`;
      const stats = lstatSync(file, {bigint: true, throwIfNoEntry: false});
      if (stats === undefined) continue;
      if (stats.isFile()) addFile(path, file, stats);
      else if (stats.isDirectory()) {
        entries.push({kind: 'folder', path});
        walk(`${path}/`);
      } else if (stats.isSymbolicLink()) addLink(path, file);
    }
  };
  walk('');
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
};

/** The real path behind a link; null when it leads nowhere, into a folder that is walked anyway, or above the root. */
const targetOutside = (link: string, root: string, walked: readonly string[]): string | null => {
  let target: string;
  try {
    target = realpathSync(link);
  } catch {
    return null;
  }
  return isWithin(root, target) || walked.some(folder => isWithin(target, folder)) ? null : target;
};

const isWithin = (file: string, folder: string): boolean =>
  file === folder || file.startsWith(folder === path.sep ? folder : folder + path.sep);

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
