/** Seconds that `action` took by the wall clock. */
export const secondsOf = async (action: () => unknown): Promise<number> => {
  const start = performance.now();
  await action();
  return (performance.now() - start) / 1000;
};

export interface Timing {
  readonly median: number;
  readonly runs: number;
}

export interface TimingOptions {
  readonly runs: number;
  /** After so many seconds no new run is started. Default 60. */
  readonly budget?: number;
  /** Not timed, before and after each run. */
  readonly before?: () => unknown;
  readonly after?: () => unknown;
}

/** The median of up to `runs` runs, fewer when they are long. */
export const timeRuns = async (
  action: () => unknown,
  {runs, budget = 60, before, after}: TimingOptions,
): Promise<Timing> => {
  const seconds: number[] = [];
  const start = performance.now();
  while (seconds.length < runs && (seconds.length === 0 || performance.now() - start < budget * 1000)) {
    await before?.();
    seconds.push(await secondsOf(action));
    await after?.();
  }
  return {median: median(seconds), runs: seconds.length};
};

export const median = (values: readonly number[]): number => {
  if (values.length === 0) throw new RangeError('the median of no values is not defined');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
