import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {temporaryName} from '../state/write-atomically.ts';
import {Silence} from './silence.ts';
import {isAlive, isForeign, type ProcessIdentity, thisProcess} from './process-identity.ts';

export interface InstanceLock {
  /** True when the last holder died without giving it back: something of its job may still run. */
  readonly isHealed: boolean;
  release(): void;
}

export type LockAttempt = {readonly lock: InstanceLock} | {readonly holderPid: number};

/** A holder on another machine is dead when it has not touched its lock for this long. */
const foreignSilenceMs = 60_000;
const touchEveryMs = 15_000;
const silence = new Silence();
const held = new Set<string>();
/** Folder of locks → this process's own file there. */
const identities = new Map<string, string>();
let touching: NodeJS.Timeout | undefined;

/** Takes the lock if nobody alive has it. Locks are files that hold the owner's identity; they never expire by time. */
export const tryLock = (file: string): LockAttempt => {
  let isHealed = false;
  for (;;) {
    if (linkIdentity(file)) return {lock: hold(file, isHealed)};
    const text = readOrNull(file);
    if (text === null) continue;
    const holder = parseHolder(text);
    if (holder !== null && isHolding(holder, file)) return {holderPid: holder.pid};
    isHealed = takeAway(file, text) || isHealed;
  }
};

/**
 * Unlike O_EXCL and a write, a link appears with its content. All locks of a process are links to one file that says who
 * it is; false when somebody has this one.
 */
const linkIdentity = (file: string): boolean => {
  const folder = path.dirname(file);
  for (;;) {
    const identity = identities.get(folder) ?? writeIdentity(folder);
    try {
      linkSync(identity, file);
      return true;
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return false;
      // The folder was cleared, or the file system takes no more links to one file: the next one has its own.
      if (!identities.delete(folder) || (code !== 'ENOENT' && code !== 'EMLINK')) throw error;
      rmSync(identity, {force: true});
    }
  }
};

const writeIdentity = (folder: string): string => {
  const identity = path.join(folder, `${temporaryName()}.tmp`);
  mkdirSync(folder, {recursive: true});
  try {
    writeFileSync(identity, JSON.stringify(thisProcess()));
  } catch (error) {
    rmSync(identity, {force: true});
    throw error;
  }
  if (identities.size === 0) process.once('exit', forgetIdentities);
  identities.set(folder, identity);
  return identity;
};

/** Resolves when the lock looks free, or at once when `signal` is aborted. */
export const waitForLock = async (file: string, signal?: AbortSignal): Promise<void> => {
  for (let waitMs = 10; ; waitMs = Math.min(waitMs * 1.5, 250)) {
    if (signal?.aborted === true) return;
    const text = readOrNull(file);
    const holder = text === null ? null : parseHolder(text);
    if (holder === null || !isHolding(holder, file)) return;
    await new Promise(resolve => setTimeout(resolve, waitMs));
  }
};

const forgetIdentities = (): void => {
  for (const identity of identities.values()) rmSync(identity, {force: true});
};

const hold = (file: string, isHealed: boolean): InstanceLock => {
  held.add(file);
  // Unreferenced, and kept for good: setting one for each job would cost more than it does.
  touching ??= setInterval(touchHeld, touchEveryMs).unref();
  touch(file);
  return {
    isHealed,
    release() {
      held.delete(file);
      removeIfThere(file);
    },
  };
};

/** What `rmSync` with `force` does, without looking at it first. */
const removeIfThere = (file: string): void => {
  try {
    unlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
};

const touchHeld = (): void => held.forEach(touch);

/** Says that the holder lives. The file may be as old as this process, since all its locks are links to it. */
const touch = (file: string): void => {
  const now = Date.now() / 1000;
  try {
    utimesSync(file, now, now);
  } catch {
    // Released meanwhile.
  }
};

const isHolding = (holder: ProcessIdentity, file: string): boolean => {
  if (!isForeign(holder)) return isAlive(holder);
  const stats = statSync(file, {throwIfNoEntry: false});
  return stats !== undefined && silence.of(file, stats.mtimeMs) < foreignSilenceMs;
};

/** Removes a dead holder's lock. Two may try at once: who finds that it has taken a living one's puts that back. */
const takeAway = (file: string, dead: string): boolean => {
  const aside = path.join(path.dirname(file), `${temporaryName()}.dead`);
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  const isDead = readFileSync(aside, 'utf8') === dead;
  try {
    if (!isDead) linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(aside);
  }
  return isDead;
};

const readOrNull = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** null for a file that no version of this tool wrote: it holds nothing. */
const parseHolder = (text: string): ProcessIdentity | null => {
  try {
    const {pid, start} = JSON.parse(text) as Partial<ProcessIdentity>;
    return typeof pid === 'number' && typeof start === 'string' ? {pid, start} : null;
  } catch {
    return null;
  }
};
