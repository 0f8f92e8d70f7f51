import {readdirSync, readFileSync, rmSync} from 'node:fs';
import path from 'node:path';
import {removeLeftovers} from '../leftovers.ts';
import {parseManifest} from '../state/tree.ts';
import type {ProjectPaths} from '../state/paths.ts';
import {neededHashes} from './needed.ts';
import {listStored, removeStored, type Stored} from './stored.ts';

export interface Collected {
  /** Of objects and checkpoints. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly freedBytes: number;
  readonly removed: {readonly objects: number; readonly checkpoints: number};
  /** What no limit makes go. */
  readonly neededBytes: number;
  /** Where it was looked for what is needed. */
  readonly places: string;
}

export interface CollectOptions {
  readonly maxBytes: number;
  readonly isDryRun?: boolean;
}

/** A running job's objects are named in a lock file some milliseconds after they are stored; a slow disk takes longer. */
const graceMs = 10 * 60_000;
/** Checkpoints are for going on with what was cut short: yesterday's training, not last month's. */
const checkpointGraceMs = 24 * 3600_000;

/**
 * Removes what was longest not used, until the store is no larger than `maxBytes`; never what lock files need. Safe beside a run: what
 * it stores or asks for meanwhile is younger than `started` and stays. Throws `CannotTell` where git does not answer.
 */
export const collect = async (paths: ProjectPaths, {maxBytes, isDryRun}: CollectOptions): Promise<Collected> => {
  const started = Date.now();
  const stored = listStored(paths);
  const bytesBefore = sum(stored);
  // Read after the listing: what is recorded in between is needed too.
  const {hashes, places} = await neededHashes(paths.root);
  const needed = withParts(hashes, new Map(stored.map(item => [item.name, item])));
  const youngerThan = started - (isAnyLocked(paths) ? graceMs : 0);
  const candidates = stored
    .filter(({kind, name, usedMs}) =>
      kind === 'object' ? !needed.has(name) && usedMs < youngerThan : usedMs < started - checkpointGraceMs,
    )
    .sort((a, b) => a.usedMs - b.usedMs);
  let bytesAfter = bytesBefore;
  const removed: Stored[] = [];
  for (const item of candidates) {
    if (bytesAfter <= maxBytes) break;
    if (isDryRun !== true && !removeStored(item)) continue;
    bytesAfter -= item.bytes;
    removed.push(item);
  }
  if (isDryRun !== true) {
    removeRecords(paths.records, new Set(removed.map(({name}) => name)));
    removeLeftovers(paths);
  }
  const count = (kind: Stored['kind']): number => removed.filter(item => item.kind === kind).length;
  return {
    bytesBefore,
    bytesAfter,
    freedBytes: bytesBefore - bytesAfter,
    removed: {objects: count('object'), checkpoints: count('checkpoint')},
    neededBytes: sum(stored.filter(({kind, name}) => kind === 'object' && needed.has(name))),
    places,
  };
};

const sum = (items: readonly Stored[]): number => items.reduce((bytes, item) => bytes + item.bytes, 0);

/** Also the files of the folders among them, of which only the manifest is named. */
const withParts = (hashes: ReadonlySet<string>, stored: ReadonlyMap<string, Stored>): Set<string> => {
  const needed = new Set<string>();
  for (const hash of hashes) {
    const digest = hash.slice(0, 64);
    needed.add(digest);
    const manifest = hash.endsWith('t') ? stored.get(digest) : undefined;
    if (manifest === undefined) continue;
    for (const entry of parseManifest(readFileSync(manifest.path, 'utf8')) ?? []) {
      if (entry.kind === 'file') needed.add(entry.digest);
    }
  }
  return needed;
};

/** Locks of dead processes count as well: too careful is right here. */
const isAnyLocked = ({state}: ProjectPaths): boolean => {
  try {
    return readdirSync(path.join(state, 'locks'), {recursive: true, encoding: 'utf8'}).some(name =>
      name.endsWith('.lock'),
    );
  } catch {
    return false;
  }
};

const readOrEmpty = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** Records that promise what is gone would be read in vain each time. */
const removeRecords = (records: string, digests: ReadonlySet<string>): void => {
  if (digests.size === 0) return;
  let names: string[];
  try {
    names = readdirSync(records, {recursive: true, encoding: 'utf8'});
  } catch {
    return;
  }
  for (const name of names.filter(each => each.endsWith('.json'))) {
    const file = path.join(records, name);
    const written = [...readOrEmpty(file).matchAll(/[0-9a-f]{64}/g)];
    if (written.some(([digest]) => digests.has(digest))) rmSync(file, {force: true});
  }
};
