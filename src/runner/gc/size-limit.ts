import {readFileSync} from 'node:fs';
import path from 'node:path';
import type {Project} from '../project.ts';
import {writeAtomically} from '../state/write-atomically.ts';
import {type Collected, collect} from './collect.ts';
import {listStored} from './stored.ts';

export const defaultMaxBytes = 10e9;

/** `.pipeline/size.json`: how large the store is, so that a run that stores little need not look at all of it. */
interface KnownSize {
  readonly bytes: number;
  /** What the last collection could not get below: only what comes on top of it is worth another try. */
  readonly floor: number;
}

/**
 * Keeps the store within its limit, after a run. Costs the reading of one small file while it is; null when nothing was collected.
 * Runs side by side may each miss what the others add: the next collection counts again.
 */
export const keepWithin = async (
  {paths, store}: Pick<Project, 'paths' | 'store'>,
  maxBytes: number,
): Promise<Collected | null> => {
  const file = path.join(paths.state, 'size.json');
  const known = readSize(file);
  if (known !== null && store.addedBytes === 0) return null;
  const bytes = known === null ? total(paths) : known.bytes + store.addedBytes;
  const floor = known?.floor ?? 0;
  if (bytes <= Math.max(maxBytes, floor * 1.1)) {
    writeAtomically(file, JSON.stringify({bytes, floor}));
    return null;
  }
  const collected = await collect(paths, {maxBytes});
  const {bytesAfter} = collected;
  writeAtomically(file, JSON.stringify({bytes: bytesAfter, floor: bytesAfter > maxBytes ? bytesAfter : 0}));
  return collected;
};

const total = (paths: Project['paths']): number => listStored(paths).reduce((sum, {bytes}) => sum + bytes, 0);

const readSize = (file: string): KnownSize | null => {
  try {
    const {bytes, floor} = JSON.parse(readFileSync(file, 'utf8')) as Partial<KnownSize>;
    return typeof bytes === 'number' && typeof floor === 'number' ? {bytes, floor} : null;
  } catch {
    return null;
  }
};

const units: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** `500MB`, `1.5 GiB`, `0`, `none` → bytes; null for anything else. */
export const parseSize = (text: string): number | null => {
  if (text.trim().toLowerCase() === 'none') return Infinity;
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  if (number === undefined || unit === undefined) return null;
  const factor = unit === '' ? 1 : (units[unit.toLowerCase()] ?? units[`${unit.toLowerCase()}b`]);
  return factor === undefined ? null : Math.round(Number(number) * factor);
};
