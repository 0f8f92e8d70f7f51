import type {Numbers} from './ranks.ts';

/** What the alternative says of the first sample against the second. */
export type Alternative = 'two-sided' | 'less' | 'greater';

/** How a p value is computed. `auto` is exact where that is affordable, with or without ties. */
export type TestMethod = 'auto' | 'exact' | 'asymptotic';

/** How a bootstrap test makes the data obey "no difference": `bootstrapMedianTest` explains both. */
export type NullHypothesis = 'pooled' | 'recentred';

/** What both rank tests take. */
export interface RankTestOptions {
  readonly alternative?: Alternative;
  readonly method?: TestMethod;
  /** Move the statistic ½ towards its mean in the normal approximation. */
  readonly continuity?: boolean;
}

/** What both rank tests give besides their statistic. */
export interface RankTestResult {
  readonly p: number;
  readonly method: 'exact' | 'asymptotic';
  /** The smallest p that samples of these sizes, with these ties, could give; NaN for `asymptotic`. */
  readonly smallest: number;
}

/**
 * The rule for bad samples everywhere in the statistics: an empty sample and a NaN or infinite value are a RangeError
 * that says where, never a number that looks like a result.
 */
export const checkSample = (name: string, values: Numbers): void => {
  if (values.length === 0) throw new RangeError(`The sample ${name} is empty: expected at least one number.`);
  for (let at = 0; at < values.length; at++) {
    if (Number.isFinite(values[at])) continue;
    throw new RangeError(`The sample ${name} holds ${values[at]} at index ${at}: expected finite numbers.`);
  }
};

export const checkPaired = (x: Numbers, y: Numbers): void => {
  if (x.length === y.length) return;
  throw new RangeError(`A paired test needs samples of the same length, found ${x.length} and ${y.length}.`);
};

/** Whole numbers from `least` up: sizes and counts of the options. */
export const checkCount = (name: string, value: number, least = 1): void => {
  if (Number.isInteger(value) && value >= least) return;
  throw new RangeError(`${name} must be a whole number of at least ${least}, found ${value}.`);
};

/** Strictly between 0 and 1: confidence levels. */
export const checkShare = (name: string, value: number): void => {
  if (value > 0 && value < 1) return;
  throw new RangeError(`${name} must lie between 0 and 1, found ${value}.`);
};

/** A probability that rounding may have carried past 1. */
export const clipToOne = (p: number): number => Math.min(1, p);
