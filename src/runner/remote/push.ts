import type {Remote} from '../../contract/remote.ts';
import {inRoot} from '../inspect.ts';
import type {Project} from '../project.ts';
import {digestOf, isFolderHash} from '../state/content-hash.ts';
import {inParallel} from './in-parallel.ts';
import {outputsOf, recordedInstances, type TransferOptions} from './recorded.ts';

interface PushOptions extends TransferOptions {
  /** Outputs of more bytes stay where they are. */
  readonly maxBytes: number;
}

export interface Pushed {
  /** Outputs that lock files name, once each. */
  readonly outputs: number;
  readonly sentObjects: number;
  readonly sentBytes: number;
  /** Outputs that were there already. */
  readonly there: number;
  /** Paths of outputs that are larger than asked for. */
  readonly tooLarge: readonly string[];
  /** Paths of outputs that are recorded and not here: made on another machine and not pulled, or cleared away. */
  readonly absent: readonly string[];
}

/**
 * Copies what lock files name from the store to a remote. A folder's list goes after its files, so that what a remote has it
 * has whole; a push that was cut off goes on where it stopped.
 */
export const push = async (project: Project, remote: Remote, options: PushOptions): Promise<Pushed> => {
  const {store, paths} = project;
  const {signal, maxBytes, onProgress} = options;
  const outputs = new Map(recordedInstances(project, options.select).flatMap(outputsOf));
  const [tooLarge, absent]: [string[], string[]] = [[], []];
  let [sentObjects, sentBytes, there] = [0, 0, 0];
  const send = async (digest: string, abort: AbortSignal): Promise<boolean> => {
    if (await remote.has(digest, abort)) return false;
    const bytes = store.soundBytes(digest);
    if (bytes === null) throw new Error(`the object ${digest} was spoilt on this disk; it is gone now: run again`);
    await remote.put(digest, store.objectFile(digest), abort);
    sentObjects += 1;
    onProgress(sentObjects, (sentBytes += bytes));
    return true;
  };
  await inParallel(outputs, signal, async ([hash, path], abort) => {
    // Where the disk was full when it was made, it lies in its place alone.
    if (!store.has(hash) && project.stats.hash(inRoot(paths.root, path)) === hash) store.put(inRoot(paths.root, path));
    if (!store.has(hash)) return void absent.push(path);
    if (store.bytes(hash) > maxBytes) return void tooLarge.push(path);
    let isNew = false;
    for (const entry of isFolderHash(hash) ? store.listFolder(hash)! : [])
      if (entry.kind === 'file' && (await send(entry.digest, abort))) isNew = true;
    if (await send(digestOf(hash), abort)) isNew = true;
    if (!isNew) there += 1;
  });
  return {outputs: outputs.size, sentObjects, sentBytes, there, tooLarge: tooLarge.sort(), absent: absent.sort()};
};
