import {mean} from './descriptive.ts';
import {createRandom} from './random.ts';
import type {Numbers} from './ranks.ts';
import {binomial} from './rank-sum-distribution.ts';
import {type Alternative, checkCount, checkPaired, checkSample, clipToOne} from './samples.ts';
import type {Statistic, TestResult} from './statistic.ts';

export interface PermutationTestOptions {
  readonly alternative?: Alternative;
  /** Of (x, y); the difference of means if left out. The arrays are buffers: read or sort them, do not keep them. */
  readonly statistic?: Statistic;
  /** Swap x and y within pairs instead of dealing all values anew. */
  readonly paired?: boolean;
  readonly resamples?: number;
  readonly seed?: number | string;
}

/**
 * Permutation test. When there are at most `resamples` (9,999) rearrangements all of them are taken and p is exact;
 * otherwise p = (1 + #{as extreme})/(B + 1) of random ones. Two-sided: twice the smaller tail, at most 1 (all as SciPy's
 * `permutation_test`).
 */
export const permutationTest = (x: Numbers, y: Numbers, options: PermutationTestOptions = {}): TestResult => {
  checkSample('x', x);
  checkSample('y', y);
  if (options.paired) checkPaired(x, y);
  const {alternative = 'two-sided', paired = false, resamples = 9999, seed = 0} = options;
  const statistic = options.statistic ?? ((a: Float64Array, b: Float64Array) => mean(a) - mean(b));
  checkCount('resamples', resamples);
  const observed = statistic(Float64Array.from(x), Float64Array.from(y));
  const slack = Math.max(1e-14, Math.abs(1e-14 * observed));
  const rearrangements = paired ? 2 ** x.length : binomial(x.length + y.length, x.length);
  const isExact = rearrangements <= resamples;
  const source = paired ? swaps(x, y, isExact, resamples, seed) : deals(x, y, isExact, resamples, seed);

  let [less, greater, count] = [0, 0, 0];
  for (const [a, b] of source) {
    const value = statistic(a, b);
    if (value <= observed + slack) less++;
    if (value >= observed - slack) greater++;
    count++;
  }
  // The observed arrangement is one of all of them, but not one of the random ones: there it is added.
  const share = (hits: number): number => (isExact ? hits / count : (hits + 1) / (count + 1));
  const p = {
    less: share(less),
    greater: share(greater),
    'two-sided': clipToOne(2 * Math.min(share(less), share(greater))),
  }[alternative];
  return {statistic: observed, p};
};

type Arrangements = Iterable<readonly [Float64Array, Float64Array]>;

/** Every choice of n of the n + m values, or random deals. */
function* deals(x: Numbers, y: Numbers, isExact: boolean, resamples: number, seed: number | string): Arrangements {
  const pool = Float64Array.from([...Array.from(x), ...Array.from(y)]);
  const first = new Float64Array(x.length);
  const second = new Float64Array(y.length);
  if (!isExact) {
    const random = createRandom(seed);
    for (let at = 0; at < resamples; at++) {
      random.shuffle(pool);
      first.set(pool.subarray(0, x.length));
      second.set(pool.subarray(x.length));
      yield [first, second];
    }
    return;
  }
  const chosen = Array.from(first, (_, at) => at);
  do {
    const isChosen = new Set(chosen);
    let [toFirst, toSecond] = [0, 0];
    pool.forEach((value, at) => (isChosen.has(at) ? (first[toFirst++] = value) : (second[toSecond++] = value)));
    yield [first, second];
  } while (advance(chosen, pool.length));
}

/** The next combination in lexicographic order, in place; false after the last. */
const advance = (chosen: number[], total: number): boolean => {
  let at = chosen.length - 1;
  while (at >= 0 && chosen[at] === total - chosen.length + at) at--;
  if (at < 0) return false;
  chosen[at]!++;
  for (let next = at + 1; next < chosen.length; next++) chosen[next] = chosen[next - 1]! + 1;
  return true;
};

/** Every way to swap within pairs, or random ones. */
function* swaps(x: Numbers, y: Numbers, isExact: boolean, resamples: number, seed: number | string): Arrangements {
  const random = createRandom(seed);
  const first = new Float64Array(x.length);
  const second = new Float64Array(x.length);
  const rounds = isExact ? 2 ** x.length : resamples;
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < first.length; at++) {
      const isSwapped = isExact ? Math.floor(round / 2 ** at) % 2 === 1 : random.integer(2) === 1;
      first[at] = isSwapped ? y[at]! : x[at]!;
      second[at] = isSwapped ? x[at]! : y[at]!;
    }
    yield [first, second];
  }
}
