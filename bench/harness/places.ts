import {existsSync} from 'node:fs';
import path from 'node:path';

/** The repository: benches run from `dist/bench/`, what they install and write is in `bench/`. */
export const repository = ((): string => {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder;
    if (path.dirname(folder) === folder) throw new Error('Internal error: no package.json above the benches');
  }
})();

/** Scratch folders and npm peers. */
export const work = path.join(repository, 'bench', '.work');

/** A program of a pinned peer: in bench/.venv, in bench/.work/npm, or on the PATH; null when it is in none of them. */
export const findProgram = (name: string): string | null => {
  const folders = [
    path.join(repository, 'bench', '.venv', 'bin'),
    path.join(work, 'npm', 'node_modules', '.bin'),
    ...(process.env['PATH'] ?? '').split(path.delimiter),
  ];
  return folders.map(folder => path.join(folder, name)).find(file => existsSync(file)) ?? null;
};
