import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {JobUsage} from '../../contract/executor.ts';
import type {Instance} from '../graph.ts';
import {inRoot} from '../inspect.ts';
import {type Key, runHash} from '../key/key.ts';
import {type OutputHashes, recordFile, recordText} from '../key/lock-record.ts';
import type {Project} from '../project.ts';
import {type ContentHash, digestOf, isContentHash, isFolderHash} from '../state/content-hash.ts';
import {fileNameOf} from '../state/paths.ts';
import {writeAtomically} from '../state/write-atomically.ts';
import type {PreparedJob} from './prepared-job.ts';

/**
 * Records a good run. The order makes a crash between any two steps harmless: outputs in place without a record are
 * those of a stage that has to run, and a record is written only when the objects that it names are there.
 */
export const commit = (project: Project, instance: Instance, key: Key, prepared: PreparedJob): OutputHashes => {
  const {paths, store} = project;
  try {
    prepared.publish();
    const written: Record<string, ContentHash> = {};
    for (const {name, path: file} of instance.outputs) written[name] = store.put(inRoot(paths.root, file));
    project.records.put(runHash(instance.id, key), written);
    writeRecord(project, instance.id, key, written);
    keepFolderLists(project, key);
    return written;
  } catch (error) {
    for (const output of instance.outputs) rmSync(inRoot(paths.root, output.path), {recursive: true, force: true});
    throw error;
  }
};

/** The record has one hash for a folder that was read; this is how `why` can name the files in it that change. */
const keepFolderLists = ({stats, store}: Project, {inputs}: Key): void => {
  for (const hash of Object.values(inputs)) {
    if (!isContentHash(hash) || !isFolderHash(hash)) continue;
    const manifest = stats.manifest(digestOf(hash));
    if (manifest !== undefined) store.keepList(digestOf(hash), manifest);
  }
};

/** Writes the lock file that is committed to git, unless it says the same already. */
export const writeRecord = ({paths}: Project, id: string, key: Key, written: OutputHashes): void =>
  writeAtomically(recordFile(paths.recorded, id), recordText(key, written));

/** How long it took: for the next plan, never part of a record that is committed; a half one counts as none. */
export const writeLast = ({paths}: Project, id: string, usage: JobUsage): void => {
  const write = (): void => writeFileSync(path.join(paths.last, `${fileNameOf(id)}.json`), JSON.stringify(usage));
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    ensureFolder(paths.last);
    write();
  }
};

/** A checkpoint folder is only for a job that was cut short. */
export const scratchOf = ({paths}: Project, id: string, key: Key): string =>
  path.join(paths.checkpoints, runHash(id, key).slice(0, 32));

export const ensureFolder = (folder: string): string => {
  mkdirSync(folder, {recursive: true});
  return folder;
};
