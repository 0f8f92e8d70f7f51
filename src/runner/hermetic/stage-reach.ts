import path from 'node:path';
import type {StageJob} from '../../contract/job.ts';
import {compiledPath} from '../code/module-tree.ts';
import type {StageClosure} from '../code/stage-closure.ts';
import type {Tool} from '../code/tool.ts';
import type {Reach} from './guard-flags.ts';
import {packageFolders} from './package-folders.ts';

export interface GuardedJob {
  readonly job: StageJob;
  /** The job's own folder: its outputs and its temporary files. */
  readonly folder: string;
  /** Where the project's packages are looked for. */
  readonly root: string;
  readonly closure: StageClosure;
  readonly tool: Tool;
  /** Where downloads are kept whose content a param pins. */
  readonly downloads: string;
  /** Of an engine that no import names: TensorFlow's packages. */
  readonly engineFolders: readonly string[];
}

/** Beyond this the names of single files would not fit on a command line. */
const mostInputs = 1500;

/** What is in a job's key, and the places that it may write to. */
export const stageReach = ({job, folder, root, closure, tool, downloads, engineFolders}: GuardedJob): Reach => {
  const code = job.module.slice(0, -compiledPath(closure.entry).length);
  const pinned = pinnedModels(job.params);
  const {packages, links} = packageFolders(closure, code, tool);
  return {
    reads: [
      tool.worker,
      path.dirname(tool.stage),
      code,
      ...inputPaths(job),
      // A stage asks whether this is a folder before it takes it for a name.
      ...pinned.map(name => path.join(root, name)),
    ],
    packages: [...packages, ...engineFolders],
    links,
    writes: [folder, job.scratch, ...(pinned.length > 0 ? [downloads] : [])],
  };
};

/** Of very many files, the folders in which they lie. */
const inputPaths = ({inputs}: StageJob): string[] => {
  const paths = Object.values(inputs).flatMap(files => files.map(file => file.path));
  return paths.length <= mostInputs ? paths : [...new Set(paths.map(file => path.dirname(file)))];
};

/** A model of a hub with its commit, `owner/name@COMMIT`: the param says what is downloaded, to the byte. */
const isPinned = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w.-]+\/[\w.-]+@[0-9a-f]{7,64}$/.test(value);

const pinnedModels = (value: unknown): string[] => {
  if (isPinned(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(pinnedModels);
};
