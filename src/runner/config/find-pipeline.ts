import {existsSync, statSync} from 'node:fs';
import path from 'node:path';
import type {Pipeline} from '../graph.ts';
import type {ConfigError} from './config-error.ts';
import {errorWithoutPlace} from './config-error.ts';
import {escapeSegment} from './path-names.ts';

/** Where a pipeline lives; known before its file is read. */
export interface PipelineLocation {
  /** Absolute path of the project root. */
  readonly root: string;
  /** Absolute path of the pipeline file. */
  readonly file: string;
  /** The file as messages print it: relative to the current folder. */
  readonly shown: string;
}

export type FoundPipeline =
  | {readonly ok: true; readonly location: PipelineLocation}
  | {readonly ok: false; readonly errors: readonly ConfigError[]};

/** `file`, or the nearest pipeline.yaml at or above `cwd`; the root is the nearest folder with `stages/` or package.json. */
export const findPipeline = ({cwd, file}: {cwd: string; file?: string | undefined}): FoundPipeline => {
  const start = path.resolve(cwd);
  const found = file === undefined ? nearestPipeline(start) : path.resolve(start, file);
  if (found === null) {
    const error = errorWithoutPlace(
      'file-not-found',
      'pipeline.yaml',
      `no such file in ${start} or a folder above it`,
      {
        suggestion: 'Go to the folder of a pipeline, or name its file with --file',
      },
    );
    return {ok: false, errors: [error]};
  }
  const shown = path.relative(start, found) || path.basename(found);
  if (!existsSync(found))
    return {ok: false, errors: [errorWithoutPlace('file-not-found', shown, 'there is no such file')]};
  const folder = path.dirname(found);
  return {ok: true, location: {root: nearest(folder, isRoot) ?? folder, file: found, shown}};
};

const nearestPipeline = (start: string): string | null => {
  const folder = nearest(start, candidate => isFile(path.join(candidate, 'pipeline.yaml')));
  return folder === null ? null : path.join(folder, 'pipeline.yaml');
};

const nearest = (start: string, matches: (folder: string) => boolean): string | null => {
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (matches(folder)) return folder;
    if (path.dirname(folder) === folder) return null;
  }
};

const isRoot = (folder: string): boolean =>
  existsSync(path.join(folder, 'package.json')) ||
  (statSync(path.join(folder, 'stages'), {throwIfNoEntry: false})?.isDirectory() ?? false);

const isFile = (file: string): boolean => statSync(file, {throwIfNoEntry: false})?.isFile() ?? false;

/** What a pipeline without `name:` is called: as its file, or as the folder of a pipeline.yaml below the root. */
export const defaultName = ({root, file}: PipelineLocation): string => {
  const folder = path.dirname(file);
  const isNested = path.basename(file) === 'pipeline.yaml' && folder !== root;
  return isNested ? path.basename(folder) : path.basename(file).replace(/\.ya?ml$/, '');
};

/** Folders of a pipeline; only the root's pipeline.yaml without a profile has the bare ones, so that nothing collides. */
export const pipelineFolders = (
  {root, file}: Pick<PipelineLocation, 'root' | 'file'>,
  name: string,
  profile: string,
): Pick<Pipeline, 'artifactsDir' | 'locksDir' | 'reportsDir'> => {
  const label = escapeSegment(profile === '' ? name : `${name}-${profile}`);
  const suffix = file === path.join(root, 'pipeline.yaml') && profile === '' ? '' : `/${label}`;
  return {artifactsDir: `artifacts${suffix}`, locksDir: `pipeline.lock${suffix}`, reportsDir: `reports${suffix}`};
};
