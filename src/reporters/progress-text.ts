import type {Progress} from '../contract/stage.ts';
import {formatRoughly} from './duration.ts';

/** What is known of a running stage: enough for step, loss, rate and time left. */
export interface ProgressState {
  readonly startedAt: number;
  readonly expectedSeconds: number | undefined;
  /** null until the stage has said something. */
  readonly latest: Progress | null;
  /** Steps a second since the first report of this unit; null until two reports are there. */
  readonly rate: number | null;
  update(progress: Progress, now: number): void;
}

export const startProgress = (startedAt: number, expectedSeconds: number | undefined): ProgressState => {
  let latest: Progress | null = null;
  let rate: number | null = null;
  let first: {done: number; at: number} | null = null;
  return {
    startedAt,
    expectedSeconds,
    get latest() {
      return latest;
    },
    get rate() {
      return rate;
    },
    update(progress, now) {
      // A resumed training starts at step 3,000: the rate counts from the first report, not from zero. Another unit, or
      // a count that goes back, is another phase of the stage.
      const isNewPhase = latest === null || progress.unit !== latest.unit || progress.done < latest.done;
      if (isNewPhase || first === null) {
        first = {done: progress.done, at: now};
        rate = null;
      } else if (progress.done > first.done && now > first.at) {
        rate = ((progress.done - first.done) / (now - first.at)) * 1000;
      }
      latest = progress;
    },
  };
};

export interface ProgressPart {
  readonly kind: 'elapsed' | 'count' | 'loss' | 'rate' | 'left';
  readonly text: string;
}

/** `1200/5000 step`, `loss 0.1234`, `410 step/s`, `9 s left`; or the elapsed time where a stage reports nothing. */
export const progressParts = (state: ProgressState, now: number): ProgressPart[] => {
  const elapsed = (now - state.startedAt) / 1000;
  const {latest, rate, expectedSeconds} = state;
  if (latest === null) {
    const expected = expectedSeconds === undefined ? '' : ` of about ${formatRoughly(expectedSeconds)}`;
    return [{kind: 'elapsed', text: `${formatRoughly(elapsed)}${expected}`}];
  }
  const parts: ProgressPart[] = [{kind: 'count', text: `${latest.done}/${latest.total} ${latest.unit}`}];
  if (latest.loss !== undefined) parts.push({kind: 'loss', text: `loss ${latest.loss.toPrecision(4)}`});
  if (rate !== null) {
    parts.push({kind: 'rate', text: `${formatRate(rate)} ${latest.unit}/s`});
    const left = (latest.total - latest.done) / rate;
    if (left > 0) parts.push({kind: 'left', text: `${formatRoughly(left)} left`});
  }
  return parts;
};

export const describeProgress = (state: ProgressState, now: number): string =>
  progressParts(state, now)
    .map(({text}) => text)
    .join('  ');

/** Done as a share of all, by the stage's own report or else by how long it took last time; null if neither is known. */
export const progressShare = (state: ProgressState, now: number): number | null => {
  const {latest, expectedSeconds} = state;
  if (latest !== null) return latest.total > 0 ? Math.min(1, latest.done / latest.total) : null;
  // An estimate never claims to be done.
  return expectedSeconds ? Math.min(0.99, (now - state.startedAt) / 1000 / expectedSeconds) : null;
};

const formatRate = (rate: number): string => (rate >= 100 ? String(Math.round(rate)) : rate.toPrecision(3));
