import type {Failure} from '../../contract/event.ts';
import type {Instance} from '../graph.ts';
import {inRoot, type Surroundings} from '../inspect.ts';
import {type BuiltKey, buildKey} from '../key/build-key.ts';
import {keyText} from '../key/key.ts';

/** The key by what lies in the project now, outputs of other stages included. */
const keyOnDisk = (instance: Instance, around: Surroundings): BuiltKey => {
  const places = new Map<string, string>();
  for (const {sources} of instance.inputs) {
    for (const source of sources) {
      if (source.kind === 'output') places.set(`${source.instance}\n${source.output}`, source.path);
    }
  }
  return buildKey(instance, {
    ...around,
    written(id, output) {
      const file = places.get(`${id}\n${output}`);
      return file === undefined ? undefined : (around.hash(file) ?? undefined);
    },
  });
};

/**
 * Just before the job: everything that it reads must be there, and be what its key says. An upstream output that was
 * deleted or edited since is brought back.
 */
export const checkBefore = (instance: Instance, around: Surroundings, built: BuiltKey): Failure | null => {
  const [missing] = built.missing;
  if (missing !== undefined) return {kind: 'input-missing', path: missing, ...varOf(instance, missing)};
  for (const {sources} of instance.inputs) {
    for (const source of sources) {
      if (source.kind !== 'output') continue;
      const expected = around.written(source.instance, source.output);
      if (expected === undefined) return {kind: 'input-missing', path: source.path};
      if (around.hash(source.path) === expected) continue;
      if (!around.store.restore(expected, inRoot(around.pipeline.root, source.path))) {
        return {kind: 'input-missing', path: source.path};
      }
    }
  }
  return null;
};

/** The var that gives the path, for messages. */
export const varOf = ({inputs}: Instance, path: string): {var?: string} => {
  for (const source of inputs.flatMap(({sources}) => sources)) {
    if (source.kind === 'path' && source.path === path && source.var !== undefined) return {var: source.var};
  }
  return {};
};

/** After the job: what was read may otherwise be half old and half new, and nobody could tell. */
export const checkAfter = (instance: Instance, around: Surroundings, before: BuiltKey): Failure | null =>
  changedInput(before, keyOnDisk(instance, around));

/** The first input in which two keys of the same instance differ. */
export const changedInput = (before: BuiltKey, after: BuiltKey): Failure | null => {
  if (keyText(after.key) === keyText(before.key)) return null;
  for (const item of new Set([...Object.keys(before.key.inputs), ...Object.keys(after.key.inputs)])) {
    if (before.key.inputs[item] === after.key.inputs[item]) continue;
    return {kind: 'input-changed-while-running', path: before.paths.get(item) ?? after.paths.get(item) ?? item};
  }
  return null;
};
