import {type Change, changesBetween, type Snapshot, takeSnapshot, type Watched} from './snapshot.ts';

const leastMs = 250;
/** An editor writes several files, a checkout hundreds: only when nothing moves any more is it time to run. */
const quietMs = 200;
/** Looking may take this share of the time at most. */
const share = 1 / 20;

/**
 * Resolves with what has changed since `before`, once it has come to rest; with null when `signal` is aborted. It looks at the files
 * again and again instead of asking the system to tell: that works on network drives and in containers as well.
 */
export const waitForChange = async (
  watched: Watched,
  before: Snapshot,
  signal: AbortSignal,
): Promise<Change[] | null> => {
  let seen = before;
  let isMoving = false;
  while (!signal.aborted) {
    const started = performance.now();
    const now = takeSnapshot(watched);
    const isSame = changesBetween(seen, now).length === 0;
    if (isMoving && isSame) {
      const changes = changesBetween(before, now);
      // Edited and put back in the meantime.
      if (changes.length > 0) return changes;
    }
    isMoving = !isSame;
    seen = now;
    const cost = performance.now() - started;
    await pause(isMoving ? quietMs : Math.max(leastMs, cost / share), signal);
  }
  return null;
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, {once: true});
  });
