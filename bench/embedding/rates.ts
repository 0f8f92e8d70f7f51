import type {BenchOptions, Row} from '../harness/row.ts';
import {higherIsBetter} from '../harness/row.ts';
import {timeRuns} from '../harness/timing.ts';

/** Texts a second, or why there is no number. */
export type Rate = {readonly rate: number; readonly runs: number} | {readonly reason: string};

/** Median rate after one run that is not counted. */
export const rateOf = async (texts: number, action: () => unknown, {quick}: BenchOptions): Promise<Rate> => {
  await action();
  const {median, runs} = await timeRuns(action, {runs: quick ? 3 : 5, budget: quick ? 10 : 120});
  return {rate: texts / median, runs};
};

export interface RateRow {
  readonly name: string;
  readonly threads: number;
  readonly peer: string;
  readonly ours: Rate;
  readonly theirs: Rate;
}

export const rateRow = ({name, threads, peer, ours, theirs}: RateRow): Row => {
  const reason = 'reason' in ours ? ours.reason : 'reason' in theirs ? theirs.reason : undefined;
  const rate = (measured: Rate): number | null => ('rate' in measured ? Number(measured.rate.toPrecision(4)) : null);
  return higherIsBetter({
    bench: 'embed',
    case: name,
    threads,
    unit: 'texts/s',
    ours: rate(ours),
    peer,
    theirs: rate(theirs),
    runs: 'runs' in ours ? ours.runs : 0,
    ...(reason !== undefined && {reason}),
  });
};
