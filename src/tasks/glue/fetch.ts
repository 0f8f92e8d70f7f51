import fs from 'node:fs';
import {join} from 'node:path';
import {download} from '../../io/download.ts';
import {sha256OfFile} from '../../io/file-hash.ts';
import {unzip} from '../../io/unzip.ts';
import {loadTask} from '../load.ts';
import {glueSources, glueTasks} from './archives.ts';
import type {GlueSource} from './archives.ts';
import {makeMrpc} from './mrpc.ts';
import {glueSha256} from './sha256.ts';
import {readSums, writeSums} from './sums.ts';

export interface FetchGlueOptions {
  /** The data folder: RTE, MRPC, … below it. */
  readonly folder: string;
  readonly server: string;
  /** Folders of GLUE, e.g. `RTE`. */
  readonly names: readonly string[];
  readonly signal?: AbortSignal;
  readonly waitMs?: number;
  readonly onProgress?: (name: string, bytes: number, total: number | null) => void;
}

export interface FetchedGlue {
  readonly name: string;
  /** `there`: all files were, and are the right ones. */
  readonly outcome: 'there' | 'fetched';
  readonly files: readonly string[];
  /** Files whose hash nobody knew and that are pinned now. */
  readonly pinned: readonly string[];
}

/** Files of a folder of GLUE, as its tasks declare them. */
export const glueFiles = async (name: string): Promise<string[]> => {
  const tasks = await Promise.all(glueTasks[name]!.map(loadTask));
  const files = tasks.flatMap(({source}) => (source.kind === 'files' ? Object.values(source.splits) : []));
  return [...new Set(files.map(({file}) => file))];
};

/**
 * Downloads what is missing of GLUE, continuing what was cut off, and checks every file: against the hash that is known, or
 * against the one that was pinned when it first came.
 */
export async function* fetchGlue(options: FetchGlueOptions): AsyncGenerator<FetchedGlue> {
  const {folder, names} = options;
  for (const name of names) {
    const files = await glueFiles(name);
    const isThere = files.every(file => fs.existsSync(join(folder, name, file)));
    if (!isThere) await fetchFolder(options, name, files);
    const sums = readSums(folder);
    const pinned: string[] = [];
    for (const file of files) {
      const place = `${name}/${file}`;
      const found = sha256OfFile(join(folder, place));
      const [expected, from] = glueSha256[place] ? [glueSha256[place], 'known'] : [sums.get(place), 'pinned when it first came']; // prettier-ignore
      if (expected !== undefined && expected !== found) {
        throw new Error(
          `${join(folder, place)} has the SHA-256 ${found}, the one ${from} is ${expected}: it was edited, or is of another release. ` +
            `Delete it and run again${from === 'known' ? '' : `, and its line in ${join(folder, 'SHA256SUMS')} if the new one shall stay`}.`,
        );
      }
      if (expected === undefined) pinned.push(place);
      sums.set(place, found);
    }
    writeSums(folder, sums);
    yield {name, outcome: isThere ? 'there' : 'fetched', files: files.map(file => `${name}/${file}`), pinned};
  }
}

const fetchFolder = async (options: FetchGlueOptions, name: string, files: readonly string[]): Promise<void> => {
  const {folder, server} = options;
  const source: GlueSource = glueSources[name]!;
  const own = join(folder, name);
  const downloads = join(folder, '.downloads', name);
  const get = async (path: string): Promise<string> => {
    const file = join(downloads, path.split('/').at(-1)!);
    if (!fs.existsSync(file)) {
      await download({
        ...{url: `${server}${path}`, file, hash: null},
        ...(options.signal && {signal: options.signal}),
        ...(options.waitMs !== undefined && {waitMs: options.waitMs}),
        onProgress: (bytes, total) => options.onProgress?.(name, bytes, total),
      });
    }
    return file;
  };
  fs.mkdirSync(own, {recursive: true});
  if (source.kind === 'file') fs.renameSync(await get(source.path), join(own, source.name));
  else if (source.kind === 'mrpc') {
    makeMrpc(own, {train: await get(source.train), test: await get(source.test), devIds: await get(source.devIds)});
  } else {
    const archive = await get(source.path);
    const partOf = (file: string): string => join(own, `${file}.part`);
    const wanted = (entry: string): string | undefined =>
      entry.startsWith('__MACOSX/') ? undefined : files.find(file => entry === `${name}/${file}` || entry.endsWith(`/${name}/${file}`)); // prettier-ignore
    unzip(archive, entry => {
      const file = wanted(entry);
      return file === undefined ? null : partOf(file);
    });
    const missing = files.filter(file => !fs.existsSync(partOf(file)));
    if (missing.length > 0)
      throw new Error(`${archive} has no ${missing.map(file => `${name}/${file}`).join(', ')}: it is another archive than expected. Delete it and run again.`); // prettier-ignore
    for (const file of files) fs.renameSync(partOf(file), join(own, file));
  }
  fs.rmSync(downloads, {recursive: true, force: true});
};
