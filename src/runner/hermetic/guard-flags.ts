import {realpathSync} from 'node:fs';
import path from 'node:path';
import {grants} from './grants.ts';

/** What a guarded process may touch, as absolute paths; a folder means all that is in it. */
export interface Reach {
  readonly reads: readonly string[];
  /** Code that is loaded from folders that nobody lists. */
  readonly packages: readonly string[];
  /** Links that have to be read to find out where they lead, and places that are looked at in vain. */
  readonly links: readonly string[];
  /** Read as well. */
  readonly writes: readonly string[];
}

/**
 * Options that make Node refuse everything but this: other files, and the start of programs. Native addons and worker
 * threads stay allowed, since tensors are computed by them, and the network is not guarded by Node.
 */
export const guardFlags = ({reads, packages, links, writes}: Reach): string[] => {
  const writable = withTargets(writes);
  const listed = new Set([...withTargets(reads), ...writable]);
  return [
    permissionFlag(),
    // Both would tell in each job's log what the flags are.
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
    '--allow-addons',
    '--allow-worker',
    ...grants([...listed, ...withTargets(packages), ...links], file => listed.has(file)).map(
      file => `--allow-fs-read=${file}`,
    ),
    ...grants(writable, () => true).map(file => `--allow-fs-write=${file}`),
  ];
};

/** Node 20 calls it an experiment; the name without that came with 22.13 and 23.5. */
const permissionFlag = (): string =>
  process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';

/** What is asked for may be the link or what it leads to: modules are loaded from their real place. */
const withTargets = (paths: readonly string[]): string[] => paths.flatMap(file => [path.resolve(file), realPath(file)]);

const realPath = (file: string): string => {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
};
