import type {Random} from './random.ts';

/**
 * Draws how often each of K categories is hit by n independent draws, without making the draws: category by category from
 * the binomial distribution of what is left. For a bootstrap of few distinct values (0/1 scores) this replaces n steps a
 * resample by K.
 *
 * @param counts how many of the n observations are in each category: their shares are the probabilities
 */
export const createMultinomial = (counts: readonly number[], random: Random): ((out: Float64Array) => void) => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  // Category k takes a share of what categories k … K − 1 share.
  const shares = counts.map((count, k) => count / counts.slice(k).reduce((sum, other) => sum + other, 0));
  const tables = counts.map(() => new Map<number, BinomialTable>());
  return out => {
    let left = total;
    for (let k = 0; k < counts.length - 1; k++) {
      let table = tables[k]!.get(left);
      if (!table) tables[k]!.set(left, (table = binomialTable(left, shares[k]!)));
      const taken = drawFrom(table, random.uniform());
      out[k] = taken;
      left -= taken;
    }
    out[counts.length - 1] = left;
  };
};

/** Cumulative probabilities of the values `first`, `first` + 1, …, normalised to end at 1. */
interface BinomialTable {
  readonly first: number;
  readonly cumulative: Float64Array;
}

/** Grown from the mode in both directions by P(k + 1)/P(k) = (n − k)/(k + 1)·p/(1 − p) as far as it matters. */
const binomialTable = (n: number, p: number): BinomialTable => {
  if (n === 0 || p <= 0) return {first: 0, cumulative: Float64Array.of(1)};
  if (!(p < 1)) return {first: n, cumulative: Float64Array.of(1)};
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / (1 - p);
  // What lies beyond nine standard deviations (and a few values, for small n) is below the rounding of the sum.
  const reach = Math.ceil(9 * Math.sqrt(n * p * (1 - p))) + 30;
  const [first, last] = [Math.max(0, mode - reach), Math.min(n, mode + reach)];
  const cumulative = new Float64Array(last - first + 1);
  cumulative[mode - first] = 1;
  for (let k = mode; k < last; k++) cumulative[k + 1 - first] = cumulative[k - first]! * ((n - k) / (k + 1)) * odds;
  for (let k = mode; k > first; k--) cumulative[k - 1 - first] = cumulative[k - first]! * (k / (n - k + 1) / odds);
  for (let at = 1; at < cumulative.length; at++) cumulative[at]! += cumulative[at - 1]!;
  const sum = cumulative.at(-1)!;
  for (let at = 0; at < cumulative.length; at++) cumulative[at]! /= sum;
  return {first, cumulative};
};

/** The first value whose cumulative probability exceeds u in [0, 1). */
const drawFrom = ({first, cumulative}: BinomialTable, u: number): number => {
  let [low, high] = [0, cumulative.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! > u) high = middle;
    else low = middle + 1;
  }
  return first + low;
};
