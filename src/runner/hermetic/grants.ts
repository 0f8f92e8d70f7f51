import {statSync} from 'node:fs';

/**
 * Paths as Node's `--allow-fs-*` want them: each once, none inside another, in order. Node keeps them in a tree of common
 * beginnings, whose first versions (Node 20) fall over duplicates and over a long path before its own beginning.
 *
 * In every version the tree forgets a folder itself, though not its content, where another path begins with the folder's
 * name: `data/a` beside `data/a-b`. There the grant is `data/a*`, which is wider, but lists the folder.
 */
export const grants = (paths: Iterable<string>, mayWiden: (file: string) => boolean): string[] => {
  const all = new Set(paths);
  const kept: string[] = [];
  for (const file of [...all].sort(byCodeUnits)) {
    if (kept.some(outer => file.startsWith(outer.endsWith('*') ? outer.slice(0, -1) : `${outer}/`))) continue;
    const isForgotten = mayWiden(file) && [...all].some(other => beginsOddly(other, file)) && isFolder(file);
    kept.push(isForgotten ? `${file}*` : file);
  }
  return kept.sort(byCodeUnits);
};

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `data/a-b` after `data/a`, not `data/a/b`. */
const beginsOddly = (other: string, file: string): boolean =>
  other.length > file.length && other.startsWith(file) && other[file.length] !== '/';

const isFolder = (file: string): boolean => statSync(file, {throwIfNoEntry: false})?.isDirectory() === true;
