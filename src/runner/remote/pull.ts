import {existsSync} from 'node:fs';
import {mkdir, rm} from 'node:fs/promises';
import path from 'node:path';
import type {Remote} from '../../contract/remote.ts';
import {inRoot} from '../inspect.ts';
import {runHash} from '../key/key.ts';
import {tryLock} from '../lock/instance-lock.ts';
import type {Project} from '../project.ts';
import {digestOf, isFolderHash} from '../state/content-hash.ts';
import {fileNameOf} from '../state/paths.ts';
import {temporaryName} from '../state/write-atomically.ts';
import {inParallel} from './in-parallel.ts';
import {outputsOf, type Recorded, recordedInstances, type TransferOptions} from './recorded.ts';

export interface Pulled {
  /** Outputs that lock files name, once each. */
  readonly outputs: number;
  readonly fetchedObjects: number;
  readonly fetchedBytes: number;
  /** Outputs that were here already. */
  readonly there: number;
  /** Paths that were empty and have their output now. */
  readonly placed: readonly string[];
  /** Paths of outputs that the remote does not have. */
  readonly absent: readonly string[];
}

/**
 * Fetches what lock files name and this machine lacks into the store, checks it, and puts it where nothing is. An instance
 * of which anything is here then counts as made: what else it wrote may stay away until a stage that runs reads it.
 */
export const pull = async (
  project: Project,
  remote: Remote,
  {select, signal, onProgress}: TransferOptions,
): Promise<Pulled> => {
  const {store, paths} = project;
  const recorded = recordedInstances(project, select);
  const outputs = new Map(recorded.flatMap(outputsOf));
  const absent: string[] = [];
  let [fetchedObjects, fetchedBytes, there] = [0, 0, 0];
  /** False when the remote does not have it. */
  const fetchObject = async (digest: string, abort: AbortSignal): Promise<boolean> => {
    if (existsSync(store.objectFile(digest))) return true;
    const temporary = path.join(paths.tmp, temporaryName());
    try {
      if (!(await remote.get(digest, temporary, abort))) return false;
      fetchedBytes += store.adopt(temporary, digest);
      onProgress((fetchedObjects += 1), fetchedBytes);
      return true;
    } finally {
      await rm(temporary, {force: true});
    }
  };
  await mkdir(paths.tmp, {recursive: true});
  await inParallel(outputs, signal, async ([hash, file], abort) => {
    if (store.has(hash) || project.stats.hash(inRoot(paths.root, file)) === hash) return void (there += 1);
    let isWhole = await fetchObject(digestOf(hash), abort);
    for (const entry of isWhole && isFolderHash(hash) ? (store.listFolder(hash) ?? []) : [])
      if (entry.kind === 'file' && !(await fetchObject(entry.digest, abort))) isWhole = false;
    if (!isWhole) absent.push(file);
  });
  return {
    ...{outputs: outputs.size, fetchedObjects, fetchedBytes, there},
    placed: recorded.flatMap(each => settle(project, each)),
    absent: absent.sort(),
  };
};

/** Records what is here of an instance, and puts it into the places that are empty, unless somebody is making it. */
const settle = (project: Project, each: Recorded): string[] => {
  const {store, records, paths} = project;
  const {instance, record} = each;
  const kept = outputsOf(each).filter(([hash]) => store.has(hash));
  if (kept.length === 0) return [];
  records.put(runHash(instance.id, record.key), record.written);
  const attempt = tryLock(path.join(paths.locks, `${fileNameOf(instance.id)}.lock`));
  if (!('lock' in attempt)) return [];
  try {
    return kept
      .filter(([hash, file]) => {
        const place = inRoot(paths.root, file);
        return !existsSync(place) && store.restore(hash, place);
      })
      .map(([, file]) => file);
  } finally {
    attempt.lock.release();
  }
};
