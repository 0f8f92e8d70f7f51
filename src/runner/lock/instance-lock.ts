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
const held = new Set<string>();
let touching: NodeJS.Timeout | undefined;

/** Takes the lock if nobody alive has it. Locks are files that hold the owner's identity; they never expire by time. */
export const tryLock = (file: string): LockAttempt => {
  const mine = JSON.stringify(thisProcess());
  const temporary = path.join(path.dirname(file), `${temporaryName()}.tmp`);
  mkdirSync(path.dirname(file), {recursive: true});
  writeFileSync(temporary, mine);
  let isHealed = false;
  try {
    for (;;) {
      try {
        // Unlike O_EXCL and a write, a link appears with its content.
        linkSync(temporary, file);
        return {lock: hold(file, isHealed)};
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const text = readOrNull(file);
      if (text === null) continue;
      const holder = parseHolder(text);
      if (holder !== null && isHolding(holder, file)) return {holderPid: holder.pid};
      isHealed = takeAway(file, text) || isHealed;
    }
  } finally {
    rmSync(temporary, {force: true});
  }
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

const hold = (file: string, isHealed: boolean): InstanceLock => {
  held.add(file);
  touching ??= setInterval(() => {
    for (const each of held) {
      try {
        utimesSync(each, new Date(), new Date());
      } catch {
        // Released meanwhile.
      }
    }
  }, touchEveryMs).unref();
  return {
    isHealed,
    release() {
      held.delete(file);
      rmSync(file, {force: true});
      if (held.size > 0) return;
      clearInterval(touching);
      touching = undefined;
    },
  };
};

const isHolding = (holder: ProcessIdentity, file: string): boolean => {
  if (!isForeign(holder)) return isAlive(holder);
  const stats = statSync(file, {throwIfNoEntry: false});
  return stats !== undefined && Date.now() - stats.mtimeMs < foreignSilenceMs;
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
