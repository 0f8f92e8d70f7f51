import {type BigIntStats, statSync} from 'node:fs';

/**
 * What tells that a file is still the one that was hashed, without reading it. ctime is what `cp -p`, `rsync -t` and
 * `tar x` cannot set; chmod changes it as well, so the mode needs no place of its own.
 */
export const signatureOf = (stats: BigIntStats): string =>
  `${stats.dev}.${stats.ino}.${stats.size}.${stats.mtimeNs}.${stats.ctimeNs}`;

export const statOf = (file: string): BigIntStats | null => {
  try {
    return statSync(file, {bigint: true, throwIfNoEntry: false}) ?? null;
  } catch (error) {
    // A file where a folder of the path should be, or a link that points at itself.
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR' || code === 'ELOOP') return null;
    throw error;
  }
};

/** File times come from a coarse clock (up to 10 ms a tick); where they are whole seconds, from a very coarse one. */
const tickNs = 20_000_000n;
const coarseNs = 2_000_000_000n;

/**
 * True when a write at or after `nowNs` is sure to change the file's ctime. Otherwise it may be written again within the
 * same tick without a visible change, and its signature must not be trusted.
 */
export const isSettled = ({ctimeNs}: BigIntStats, nowNs: bigint): boolean =>
  ctimeNs < nowNs - (ctimeNs % 1_000_000_000n === 0n ? coarseNs : tickNs);

export const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;

/** Blocks for a little more than one tick: cheaper than hashing a large file once more in the next run. */
export const waitOneTick = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25);
