import {existsSync, lstatSync, readlinkSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import type {StageClosure} from '../code/stage-closure.ts';
import {packagesOf, type Tool} from '../code/tool.ts';
import type {Reach} from './guard-flags.ts';

/** One planning asks for the same few closures many times, and each asks the disk for a hundred folders. */
const known = new WeakMap<StageClosure, Pick<Reach, 'packages' | 'links'>>();

/** Folders of the packages that are in a stage's key, wherever the project or the tool has them installed. */
export const packageFolders = (closure: StageClosure, code: string, tool: Tool): Pick<Reach, 'packages' | 'links'> => {
  let found = known.get(closure);
  if (found === undefined) {
    const folders = searched(code, tool);
    const places = Object.keys(closure.packages);
    found = {
      packages: folders
        .flatMap(folder => places.map(place => path.join(folder, place)))
        .filter(each => existsSync(each)),
      links: folders.flatMap(lookedAt),
    };
    known.set(closure, found);
  }
  return found;
};

/** A folder that is not there with all that is not in it; of links all that are on the way to where they lead. */
const lookedAt = (folder: string): string[] => {
  const stats = lstatSync(folder, {throwIfNoEntry: false});
  if (stats === undefined) return [`${folder}/*`];
  return stats.isSymbolicLink() ? [folder, ...lookedAt(path.resolve(path.dirname(folder), readlinkSync(folder)))] : [];
};

/** Where packages are looked for from a module in `code`, and where the tool's own lie. Most of them do not exist. */
const searched = (code: string, tool: Tool): string[] => {
  const own = packagesOf(tool);
  const paths = createRequire(path.join(code, 'x.js')).resolve.paths('x') ?? [];
  return [...new Set([...paths, ...(own === null ? [] : [own])])];
};
