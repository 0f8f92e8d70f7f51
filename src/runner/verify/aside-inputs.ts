import path from 'node:path';
import type {Instance} from '../graph.ts';
import type {Surroundings} from '../inspect.ts';
import {type BuiltKey, buildKey} from '../key/build-key.ts';
import type {Project} from '../project.ts';
import type {ContentHash} from '../state/content-hash.ts';
import {layOver} from './overlay.ts';

interface Aside {
  readonly project: Project;
  readonly instance: Instance;
  readonly around: Surroundings;
}

/**
 * Lays the project out with its own outputs left free. Inputs that other stages write are those that are recorded: where
 * they lie in the project they are linked, else they come from the store. Returns the latter, or the path of one that is
 * nowhere.
 */
export const layInputs = (
  {project, instance, around}: Aside,
  root: string,
): ReadonlyMap<string, ContentHash> | string => {
  const restored = new Map<string, ContentHash>();
  for (const source of instance.inputs.flatMap(({sources}) => sources)) {
    if (source.kind !== 'output') continue;
    const hash = around.written(source.instance, source.output);
    if (hash === undefined) return source.path;
    if (around.hash(source.path) !== hash) restored.set(source.path, hash);
  }
  layOver(project.paths.root, root, [...instance.outputs.map(output => output.path), ...restored.keys()]);
  for (const [file, hash] of restored) if (!project.store.restore(hash, path.join(root, file))) return file;
  return restored;
};

/** By what lies in the project when the job has ended, but for inputs of which it was given a copy. */
export const keyAfter = ({instance, around}: Aside, restored: ReadonlyMap<string, ContentHash>): BuiltKey => {
  const places = new Map<string, string>();
  for (const source of instance.inputs.flatMap(({sources}) => sources)) {
    if (source.kind === 'output') places.set(`${source.instance}\n${source.output}`, source.path);
  }
  return buildKey(instance, {
    ...around,
    written(id, output) {
      const file = places.get(`${id}\n${output}`) ?? '';
      return restored.get(file) ?? around.hash(file) ?? undefined;
    },
  });
};
