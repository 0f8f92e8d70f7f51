import {existsSync, readFileSync, realpathSync} from 'node:fs';
import path from 'node:path';
import {errorWithoutPlace, type ConfigError} from '../config/config-error.ts';
import {pipelineFolders} from '../config/find-pipeline.ts';
import type {Pipeline} from '../graph.ts';
import {writeIfPossible} from './write-atomically.ts';

/** The pipeline whose outputs, lock files and reports lie in the folders of a name. */
interface Owner {
  /** Relative to the root. */
  readonly file: string;
  readonly profile: string;
}

/**
 * Another pipeline file of this project whose folders are the same, so that each would take the other's outputs for its own:
 * one that has run here, is still there and is still called so. `shown` is this file as messages print it.
 */
export const ownerConflict = async (pipeline: Pipeline, shown: string): Promise<ConfigError | null> => {
  const {root, file, profile, locksDir} = pipeline;
  const owner = readOwner(pipeline);
  if (owner === null) return null;
  const theirs = path.resolve(root, owner.file);
  if (!existsSync(theirs)) return null;
  if (owner.profile === profile && realpathSync(theirs) === realpathSync(path.resolve(root, file))) return null;
  const location = {root, file: theirs, shown: owner.file};
  // Only here: reading a name takes the YAML parser, which most commands need not load.
  const {writtenName} = await import('../config/written-name.ts');
  if (pipelineFolders(location, writtenName(location), owner.profile).locksDir !== locksDir) return null;
  const other = owner.profile === '' ? owner.file : `${owner.file} with the profile ${owner.profile}`;
  return errorWithoutPlace(
    'duplicate-output',
    shown,
    `its outputs, lock files and reports would lie where those of ${other} do, in artifacts/, pipeline.lock/ and reports/, each in ${path.posix.basename(locksDir)}/`,
    {suggestion: 'Give one of them another `name:`'},
  );
};

/** Without a record, as where the state cannot be written, nothing is refused. */
export const recordOwner = (pipeline: Pipeline): void => {
  const {file, profile} = pipeline;
  if (hasBareFolders(pipeline)) return;
  const owner = readOwner(pipeline);
  if (owner?.file === file && owner.profile === profile) return;
  writeIfPossible(ownerFile(pipeline), `${JSON.stringify({file, profile} satisfies Owner)}\n`);
};

/** Those of the root's pipeline.yaml, which no other file can have. */
const hasBareFolders = ({locksDir}: Pipeline): boolean => !locksDir.includes('/');

const ownerFile = ({root, locksDir}: Pipeline): string =>
  path.join(root, '.pipeline', 'owners', `${path.posix.basename(locksDir)}.json`);

const readOwner = (pipeline: Pipeline): Owner | null => {
  if (hasBareFolders(pipeline)) return null;
  try {
    const read: unknown = JSON.parse(readFileSync(ownerFile(pipeline), 'utf8'));
    return isOwner(read) ? read : null;
  } catch {
    return null;
  }
};

const isOwner = (read: unknown): read is Owner =>
  typeof read === 'object' &&
  read !== null &&
  'file' in read &&
  typeof read.file === 'string' &&
  'profile' in read &&
  typeof read.profile === 'string';
