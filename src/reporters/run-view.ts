import type {Expected, Outcome, RunEvent} from '../contract/event.ts';
import {progressShare, startProgress, type ProgressState} from './progress-text.ts';
import {defaultWidth, nameWidth} from './settled-text.ts';

/** What is known of a run at a moment, gathered from its events; what both reporters show in their own way. */
export interface RunView {
  readonly total: number;
  /** Room for the ids. */
  readonly width: number;
  readonly running: ReadonlyMap<string, ProgressState>;
  /** Id → the process that runs it. */
  readonly waiting: ReadonlyMap<string, number>;
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly verified: number;
  /** Stage → how many of its instances. */
  readonly skipped: ReadonlyMap<string, number>;
  apply(event: RunEvent, nowMs: number): void;
  /** Seconds until all is done, by what everything took last time; null where too little is known. */
  secondsLeft(nowMs: number): number | null;
}

export const createRunView = (): RunView => {
  const running = new Map<string, ProgressState>();
  const waiting = new Map<string, number>();
  const skipped = new Map<string, number>();
  const counts: Record<Outcome, number> = {ran: 0, restored: 0, fresh: 0, failed: 0, skipped: 0};
  const open = new Map<string, number>();
  let [total, width, verified] = [0, defaultWidth, 0];
  let expected: Expected | undefined;
  let work = 0;

  const secondsLeft = (nowMs: number): number | null => {
    if (expected === undefined || work === 0) return null;
    let left = 0;
    for (const [id, seconds] of open) {
      const state = running.get(id);
      left += seconds * (1 - (state === undefined ? 0 : (progressShare(state, nowMs) ?? 0)));
    }
    return expected.wallSeconds * (left / work);
  };

  const apply = (event: RunEvent, nowMs: number): void => {
    switch (event.kind) {
      case 'run-started':
        total = event.total;
        width = nameWidth(event);
        expected = event.expected;
        for (const [id, seconds] of expected?.secondsOf ?? []) {
          open.set(id, seconds);
          work += seconds;
        }
        return;
      case 'stage-started':
        waiting.delete(event.id);
        running.set(event.id, startProgress(nowMs, event.expectedSeconds));
        return;
      case 'stage-waiting':
        waiting.set(event.id, event.holderPid);
        return;
      case 'stage-progress':
        running.get(event.id)?.update(event.progress, nowMs);
        return;
      case 'stage-settled':
        counts[event.outcome] += 1;
        if (event.outcome === 'skipped') skipped.set(event.stage, (skipped.get(event.stage) ?? 0) + 1);
        return forget(event.id);
      case 'stage-verified':
        verified += 1;
        return forget(event.id);
      case 'warning':
      case 'run-finished':
        return;
    }
  };
  const forget = (id: string): void => {
    running.delete(id);
    waiting.delete(id);
    open.delete(id);
  };

  return {
    running,
    waiting,
    skipped,
    counts,
    get total() {
      return total;
    },
    get width() {
      return width;
    },
    get verified() {
      return verified;
    },
    apply,
    secondsLeft,
  };
};
