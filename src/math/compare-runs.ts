import {bootstrapInterval} from './bootstrap-interval.ts';
import {bootstrapMedianTest} from './bootstrap-test.ts';
import {median, medianInPlace} from './descriptive.ts';
import {a12} from './effect-size.ts';
import {mannWhitneyU} from './mann-whitney.ts';
import type {Alternative} from './samples.ts';
import {wilcoxonSignedRank} from './wilcoxon.ts';

/** One training's score. */
export interface Run {
  readonly seed: number | null;
  readonly value: number;
}

export type RunTest = 'bootstrap-median' | 'bootstrap-median-greater' | 'mann-whitney' | 'wilcoxon';

export interface RunComparison {
  readonly kind: RunTest;
  readonly alternative: Alternative;
  readonly p: number;
  /** A12: the probability that a run of a scores above one of b. */
  readonly effect: number;
  readonly n: readonly [number, number];
  /** Difference of medians, a − b. */
  readonly difference: number;
  /** Percentile bootstrap of the difference of medians. */
  readonly interval: readonly [number, number];
  /** The smallest p that the test could have given for so many runs. */
  readonly smallest: number;
}

export interface CompareRunsOptions {
  readonly tests: readonly RunTest[];
  readonly null: 'pooled' | 'recentred';
  readonly resamples: number;
  readonly confidence: number;
  readonly seed: string;
}

/**
 * The tests of two arms on one row of a table, over their runs. The signed-rank test needs runs that share seeds. None where a
 * side has one run: a bootstrap would draw that run again and again, and call any difference certain.
 */
export const compareRuns = (a: readonly Run[], b: readonly Run[], options: CompareRunsOptions): RunComparison[] => {
  if (a.length < 2 || b.length < 2) return [];
  const {resamples, confidence, seed} = options;
  const [x, y] = [a.map(run => run.value), b.map(run => run.value)];
  const shared = {
    effect: a12(x, y),
    n: [x.length, y.length] as const,
    difference: median(x) - median(y),
    interval: medianInterval(x, y, resamples, confidence, seed),
  };
  const bootstrap = (alternative: Alternative) => ({
    alternative,
    p: bootstrapMedianTest(x, y, {alternative, null: options.null, resamples, seed: `${seed} ${alternative}`}).p,
    smallest: 1 / (resamples + 1),
  });
  const run: Record<RunTest, () => Pick<RunComparison, 'alternative' | 'p' | 'smallest'> | null> = {
    'bootstrap-median': () => bootstrap('two-sided'),
    'bootstrap-median-greater': () => bootstrap('greater'),
    'mann-whitney': () => {
      const {p, smallest} = mannWhitneyU(x, y, {method: 'exact'});
      return {alternative: 'two-sided', p, smallest};
    },
    wilcoxon: () => {
      const pairs = pairBySeed(a, b);
      if (pairs === null) return null;
      const {p, smallest} = wilcoxonSignedRank(pairs.x, pairs.y, {method: 'exact'});
      return {alternative: 'two-sided', p, smallest};
    },
  };
  return options.tests.flatMap(kind => {
    const result = run[kind]();
    return result === null ? [] : [{kind, ...result, ...shared}];
  });
};

/** Both arms' scores seed by seed; null unless both have the same seeds, each once. */
export const pairBySeed = (a: readonly Run[], b: readonly Run[]): {x: number[]; y: number[]} | null => {
  const ofB = new Map(b.map(run => [run.seed, run.value]));
  const isShared = a.every(run => run.seed !== null && ofB.has(run.seed));
  const isOnce = new Set(a.map(run => run.seed)).size === a.length && ofB.size === b.length;
  if (!isShared || !isOnce || a.length !== b.length) return null;
  return {x: a.map(run => run.value), y: a.map(run => ofB.get(run.seed)!)};
};

const medianInterval = (
  x: readonly number[],
  y: readonly number[],
  resamples: number,
  confidence: number,
  seed: string,
): readonly [number, number] => {
  const gap = (first: Float64Array, second?: Float64Array): number =>
    medianInPlace(first) - medianInPlace(second as Float64Array);
  const options = {resamples, confidence, method: 'percentile', seed: `${seed} interval`} as const;
  const {low, high} = bootstrapInterval([x, y], gap, options);
  return [low, high];
};
