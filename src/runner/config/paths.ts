import path from 'node:path';
import type {Problems} from './config-error.ts';
import type {Pipeline} from '../graph.ts';
import type {Place} from './source-text.ts';

/** `./a//b/../c/` → `a/c`; a path inside the project becomes relative, others stay as they are. */
export const normalizePath = (text: string, root: string): string => {
  const joined = path.posix.normalize(text);
  const relative =
    path.isAbsolute(joined) && (joined === root || joined.startsWith(`${root}/`))
      ? path.relative(root, joined)
      : joined;
  return relative.replace(/(?<=.)\/+$/, '') || '.';
};

/** An output's path, root-relative; null when a stage must not write there. */
export const outputPath = (text: string, place: Place, pipeline: Pipeline, problems: Problems): string | null => {
  const reject = (message: string, suggestion?: string): null => {
    problems.add('outside-project', place, `a stage cannot write to "${text}": ${message}`, {suggestion});
    return null;
  };
  const normal = normalizePath(text, pipeline.root);
  if (text.startsWith('@'))
    return reject('this is a reference to an output', 'Outputs are paths; references stand in `in`');
  if (/[*?]/.test(normal)) return reject('an output is one file or folder, not a pattern', 'Name the folder');
  if (normal.includes('\0')) return reject('it holds a zero character');
  if (path.isAbsolute(normal) || normal === '..' || normal.startsWith('../')) {
    return reject('it is outside the project', `The project is ${pipeline.root}`);
  }
  if (normal === '.') return reject('it is the project itself');
  for (const taken of ['.pipeline', '.git', 'pipeline.lock', pipeline.file]) {
    if (normal === taken || normal.startsWith(`${taken}/`)) return reject(`${taken} is not a stage's to write`);
    if (taken.startsWith(`${normal}/`)) return reject(`${taken} is in it, and outputs are removed before a run`);
  }
  return normal;
};
