import path from 'node:path';
import type {Difference, Verdict} from '../../contract/event.ts';
import type {Tolerance} from '../../contract/stage.ts';
import {type ContentHash, isFolderHash} from '../state/content-hash.ts';
import type {StatCache} from '../state/stat-cache.ts';
import type {TreeEntry} from '../state/tree.ts';

/** Two files with different bytes, and how far their numbers may be apart (null: not at all). */
export interface FilePair {
  readonly recorded: string;
  readonly again: string;
  readonly tolerance: Tolerance | null;
}

/** `largest`: of the relative differences of all numbers; null where the files differ in more than that. */
export interface FileComparison {
  readonly largest: number | null;
  readonly what: string;
}

/** Knows formats, which the runner does not. */
export type CompareFiles = (pair: FilePair) => Promise<FileComparison>;

/** One output: what is recorded of it, and where both versions lie. */
export interface OutputPair extends FilePair {
  /** Root-relative. */
  readonly path: string;
  readonly hash: ContentHash;
}

export const compareOutputs = async (
  outputs: readonly OutputPair[],
  stats: StatCache,
  compareFiles: CompareFiles,
): Promise<Verdict> => {
  const differences: Difference[] = [];
  let largest = -1;
  const compare = async (shown: string, pair: FilePair): Promise<void> => {
    const found = await compareFiles(pair);
    if (found.largest === null) differences.push({path: shown, what: found.what});
    else largest = Math.max(largest, found.largest);
  };
  for (const output of outputs) {
    const hash = stats.hash(output.again);
    if (hash === output.hash) continue;
    if (hash !== null && !isFolderHash(hash) && !isFolderHash(output.hash)) {
      if (hash.slice(0, 64) === output.hash.slice(0, 64)) {
        differences.push({path: output.path, what: 'the same bytes, but executable in one of the two'});
      } else await compare(output.path, output);
    } else if (hash !== null && isFolderHash(hash) && isFolderHash(output.hash)) {
      const [before, after] = [byPath(stats.tree(output.recorded)), byPath(stats.tree(output.again))];
      for (const name of [...new Set([...before.keys(), ...after.keys()])].sort()) {
        const [was, now] = [before.get(name), after.get(name)];
        const shown = `${output.path}/${name}`;
        if (JSON.stringify(was) === JSON.stringify(now)) continue;
        if (was === undefined || now === undefined) {
          differences.push({path: shown, what: was === undefined ? 'new' : 'no longer written'});
        } else if (was.kind !== 'file' || now.kind !== 'file' || was.digest === now.digest) {
          differences.push({path: shown, what: `${kindText(was)} → ${kindText(now)}`});
        } else {
          const {tolerance} = output;
          await compare(shown, {
            recorded: path.join(output.recorded, name),
            again: path.join(output.again, name),
            tolerance,
          });
        }
      }
    } else differences.push({path: output.path, what: `${hashText(output.hash)} → ${hashText(hash)}`});
  }
  if (differences.length > 0) return {kind: 'differs', differences};
  return largest < 0 ? {kind: 'same'} : {kind: 'within-tolerance', largest};
};

const byPath = (entries: readonly TreeEntry[]): Map<string, TreeEntry> =>
  new Map(entries.map(entry => [entry.path, entry]));

const kindText = (entry: TreeEntry): string => {
  if (entry.kind === 'link') return `link to ${entry.target}`;
  return entry.kind === 'file' && entry.executable ? 'executable file' : entry.kind;
};

const hashText = (hash: ContentHash | null): string =>
  hash === null ? 'nothing' : isFolderHash(hash) ? 'folder' : 'file';
