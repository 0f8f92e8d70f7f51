import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {git, hasRepository} from '../git.ts';

/** What must stay in the store, as digests; a folder's stands with its mark `t`. */
export interface Needed {
  readonly hashes: ReadonlySet<string>;
  /** Where it was looked for: `the working tree`, or also HEAD and so many branches and tags. */
  readonly places: string;
}

/** Git is here but does not answer: deleting what a branch may need would be a guess. */
export class CannotTell extends Error {
  override readonly name = 'CannotTell';
}

const folder = 'pipeline.lock';

/**
 * All hashes in the lock files of the working tree, of HEAD and of every branch, tag and other ref. Read by their shape
 * and not as JSON, so that merge conflicts and lock files of other versions count too; one hash too many does no harm.
 */
export const neededHashes = async (root: string): Promise<Needed> => {
  const hashes = new Set<string>();
  addHashes(workingTree(path.join(root, folder)), hashes);
  if (!hasRepository(root)) return {hashes, places: 'the working tree (there is no git repository)'};
  const ask = async (args: readonly string[], input?: string): Promise<string> => {
    const answer = await git(root, args, input);
    if (!answer.ok) throw new CannotTell(`git does not tell which lock files branches and tags have: ${answer.stderr}`);
    return answer.stdout.toString('latin1');
  };
  const prefix = Buffer.from((await ask(['rev-parse', '--show-prefix'])).replace(/\n$/, ''), 'latin1').toString();
  const refs = lines(await ask(['for-each-ref', '--format=%(objectname)']));
  const head = await git(root, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  const commits = new Set([...refs, ...(head.ok ? [head.stdout.toString().trim()] : [])]);
  const asked = [...commits].map(commit => `${commit}:${prefix}${folder}\n`).join('');
  const trees = new Set(
    lines(await ask(['cat-file', '--batch-check'], asked)).flatMap(
      line => /^([0-9a-f]+) tree \d+$/.exec(line)?.[1] ?? [],
    ),
  );
  const blobs = new Set<string>();
  for (const tree of trees) {
    for (const entry of (await ask(['ls-tree', '-r', '-z', tree])).split('\0')) {
      const [, blob] = /^\d+ blob ([0-9a-f]+)\t/.exec(entry) ?? [];
      if (blob !== undefined) blobs.add(blob);
    }
  }
  if (blobs.size > 0)
    addHashes(await ask(['cat-file', '--batch'], [...blobs].map(blob => `${blob}\n`).join('')), hashes);
  return {hashes, places: `the working tree, HEAD, and all branches and tags`};
};

const addHashes = (text: string, hashes: Set<string>): void => {
  for (const [hash] of text.matchAll(/[0-9a-f]{64}t?/g)) hashes.add(hash);
};

const workingTree = (locks: string): string => {
  let names: string[];
  try {
    names = readdirSync(locks, {recursive: true, encoding: 'utf8'});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
  return names
    .filter(name => name.endsWith('.json'))
    .map(name => readFileSync(path.join(locks, name), 'latin1'))
    .join('\n');
};

const lines = (text: string): string[] => text.split('\n').filter(line => line !== '');
