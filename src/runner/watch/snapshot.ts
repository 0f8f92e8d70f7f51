import path from 'node:path';
import {expandGlob} from '../key/expand-glob.ts';
import type {Instance} from '../graph.ts';
import type {Project} from '../project.ts';
import {signatureOf, statOf} from '../state/signature.ts';
import {readTree} from '../state/tree.ts';

/** Root-relative path → signature of the file; a path that is not there has none. */
export type Snapshot = ReadonlyMap<string, string>;

/** What a person edits, and a run depends on. */
export interface Watched {
  readonly root: string;
  readonly paths: ReadonlySet<string>;
  readonly globs: ReadonlySet<string>;
  /** Outputs are made by the run itself. */
  readonly outputs: ReadonlySet<string>;
}

/** The pipeline file, the plain inputs and the code of these instances, and the lock file of the packages. */
export const watchedBy = async ({graph, code}: Project, instances: readonly Instance[]): Promise<Watched> => {
  const paths = new Set([graph.pipeline.file, 'package-lock.json']);
  const globs = new Set<string>();
  const types = new Map<string, readonly [string, readonly string[]]>();
  for (const {inputs, command} of instances) {
    for (const source of inputs.flatMap(({sources}) => sources)) {
      if (source.kind === 'path') (source.glob ? globs : paths).add(source.path);
    }
    if (command.kind === 'typed') types.set(JSON.stringify([command.type, command.uses]), [command.type, command.uses]);
  }
  for (const [type, uses] of types.values()) {
    for (const id of Object.keys((await code.closure(type, uses))?.files ?? {})) {
      paths.add(path.relative(graph.pipeline.root, code.tree.file(id)));
    }
  }
  const outputs = new Set(graph.instances.flatMap(instance => instance.outputs.map(output => output.path)));
  return {root: graph.pipeline.root, paths, globs, outputs};
};

/** Looks at all of it now. Contents are not read: whether a change matters is for the run to find out. */
export const takeSnapshot = ({root, paths, globs, outputs}: Watched): Map<string, string> => {
  const found = new Map<string, string>();
  const look = (shown: string): void => {
    if (isOutput(shown, outputs)) return;
    const file = path.resolve(root, shown);
    const stats = statOf(file);
    if (stats === null) return;
    if (!stats.isDirectory()) return void found.set(shown, signatureOf(stats));
    for (const entry of readTree(file, (_, inside) => signatureOf(inside), 'follow-out')) {
      const name = `${shown}/${entry.path}`;
      if (!isOutput(name, outputs)) found.set(name, entry.kind === 'file' ? entry.digest : JSON.stringify(entry));
    }
  };
  for (const shown of paths) look(shown);
  for (const pattern of globs) for (const file of expandGlob(root, pattern)) look(file);
  return found;
};

const isOutput = (file: string, outputs: ReadonlySet<string>): boolean => {
  if (outputs.size === 0) return false;
  for (let at = file; at !== '.' && at !== '/'; at = path.posix.dirname(at)) if (outputs.has(at)) return true;
  return false;
};

export interface Change {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
}

export const changesBetween = (before: Snapshot, after: Snapshot): Change[] => {
  const changes: Change[] = [];
  for (const [file, signature] of after) {
    if (before.get(file) !== signature) changes.push({path: file, kind: before.has(file) ? 'changed' : 'added'});
  }
  for (const file of before.keys()) if (!after.has(file)) changes.push({path: file, kind: 'removed'});
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
};
