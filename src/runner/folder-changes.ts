import {digestOf, isFolderHash, type ContentHash} from './state/content-hash.ts';
import type {StatCache} from './state/stat-cache.ts';
import {parseManifest, type TreeEntry} from './state/tree.ts';
import type {Store} from './store/store.ts';

/** One file, folder or link in a folder that is an input, by its path in there. */
export interface FolderChange {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'edited';
}

interface Question {
  readonly stats: StatCache;
  readonly store: Store;
  readonly was: ContentHash;
  /** What the folder is now, as `stats` saw it. */
  readonly now: ContentHash;
}

/** What differs in a folder from when `was` was recorded, by path; null where its list of files is no longer kept. */
export const folderChanges = ({stats, store, was, now}: Question): FolderChange[] | null => {
  const before = isFolderHash(was) ? store.listFolder(was) : null;
  const after = parseManifest(stats.manifest(digestOf(now)) ?? '');
  if (before === null || after === null) return null;
  const old = new Map(before.map(entry => [entry.path, contentOf(entry)]));
  const changes: FolderChange[] = [];
  for (const entry of after) {
    const content = old.get(entry.path);
    old.delete(entry.path);
    if (content === undefined) changes.push({path: entry.path, change: 'added'});
    else if (content !== contentOf(entry)) changes.push({path: entry.path, change: 'edited'});
  }
  for (const path of old.keys()) changes.push({path, change: 'removed'});
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
};

const contentOf = (entry: TreeEntry): string => {
  if (entry.kind === 'file') return `${entry.digest}${entry.executable ? 'x' : ''}`;
  return entry.kind === 'link' ? `to ${entry.target}` : 'folder';
};
