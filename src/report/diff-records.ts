import {axisText} from './cells.ts';
import type {Cost} from './cost.ts';
import type {RecordChange, TimingChange} from './diff-types.ts';
import type {Test} from './results.ts';

/** Another machine's last bits are no difference. */
export const rounding = 1e-9;

export const testName = (t: Test): string =>
  [`${t.a} − ${t.b}`, t.task, t.metric, t.split, axisText(t.axis ?? {}), t.kind].filter(Boolean).join(', ');

/** Tests are functions of the scores; only numbers that a reader sees count. */
export const sameTest = (x: Test, y: Test): boolean =>
  ([x.p, x.adjusted, x.effect] as const).every((value, i) => {
    const other = [y.p, y.adjusted, y.effect][i] ?? null;
    return value === null || other === null ? value === other : Math.abs(value - other) <= rounding;
  }) && x.n.join() === y.n.join();

export const sameJson = (x: unknown, y: unknown): boolean => JSON.stringify(x) === JSON.stringify(y);

/** Records that differ, matched by name. */
export const recordChanges = <T>(
  old: readonly T[],
  now: readonly T[],
  name: (record: T) => string,
  same: (x: T, y: T) => boolean,
): RecordChange<T>[] => {
  const [before, after] = [old, now].map(list => new Map(list.map(record => [name(record), record]))) as [
    Map<string, T>,
    Map<string, T>,
  ];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap(key => {
    const [x, y] = [before.get(key) ?? null, after.get(key) ?? null];
    return x !== null && y !== null && same(x, y) ? [] : [{name: key, old: x, new: y}];
  });
};

export const timingChanges = (old: Cost | null, now: Cost | null): TimingChange[] => {
  if (!old || !now) return [];
  return (['teacher', 'student'] as const).flatMap(who =>
    (['batch1', 'batch32'] as const).flatMap(batch => {
      const [x, y] = [old[who].sentencesPerSecond[batch], now[who].sentencesPerSecond[batch]];
      const what = `${who}, sentences a second, ${batch === 'batch1' ? 'one at a time' : 'batches of 32'}`;
      return x === y ? [] : [{what, old: x, new: y}];
    }),
  );
};
