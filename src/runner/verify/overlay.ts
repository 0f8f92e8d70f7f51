import {mkdirSync, readdirSync, symlinkSync} from 'node:fs';
import path from 'node:path';

/** The runner's own: a job that runs aside must not even see it. */
const hidden = new Set(['.pipeline', 'pipeline.lock']);

/**
 * Makes `folder` look like the project: everything is a link to the real thing, but for the places in `own`
 * (root-relative), which are left free, in folders of their own. What is written there touches nothing of the project.
 */
export const layOver = (root: string, folder: string, own: readonly string[]): void => {
  const onTheWay = new Set<string>();
  for (const place of own) {
    for (let at = path.posix.dirname(place); at !== '.' && at !== '/'; at = path.posix.dirname(at)) onTheWay.add(at);
  }
  const taken = new Set(own);
  const lay = (relative: string): void => {
    mkdirSync(path.join(folder, relative), {recursive: true});
    for (const name of namesIn(path.join(root, relative))) {
      const place = relative === '' ? name : `${relative}/${name}`;
      if (taken.has(place) || (relative === '' && hidden.has(name))) continue;
      if (onTheWay.has(place)) lay(place);
      else symlinkSync(path.join(root, place), path.join(folder, place));
    }
  };
  lay('');
  for (const place of onTheWay) mkdirSync(path.join(folder, place), {recursive: true});
};

/** None where a path on the way to an output does not exist yet. */
const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
};
