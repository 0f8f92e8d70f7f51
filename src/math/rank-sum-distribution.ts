import type {ExactTails} from './exact-p.ts';
import {tailsOf} from './exact-p.ts';

/**
 * Both tails, the value itself included, of the exact distribution of Mann and Whitney's U over all C(n + m, n) ways to
 * label n of n + m values as the first sample.
 *
 * @param ties sizes of the groups of equal values in ascending order of value; all 1 without ties
 */
export const rankSumTails = (u: number, n: number, m: number, ties: readonly number[]): ExactTails => {
  const ways = binomial(n + m, n);
  return ties.length === n + m && ways <= Number.MAX_SAFE_INTEGER
    ? untied(u, n, m, ways)
    : tailsOf(tied(n, m, ties), 2 * u);
};

/**
 * Without ties the counts of subsets by U are the coefficients of the Gaussian binomial
 * Π_{i=1..n} (1 − q^{m+i}) / (1 − q^i) (Mann and Whitney 1947). Each factor is one multiplication and one division of a
 * power series in place, of which only the terms up to the nearer end are needed: the counts are symmetric, and those of
 * both tails sum to `ways` and what they share. All numbers are integers below 2⁵³, so nothing is rounded.
 */
const untied = (u: number, n: number, m: number, ways: number): ExactTails => {
  const limit = Math.min(u, n * m - u);
  const small = Math.min(n, m);
  const large = Math.max(n, m);
  const counts = new Float64Array(limit + 1);
  counts[0] = 1;
  for (let i = 1; i <= small; i++) {
    // The product has degree i·large once the division is done.
    const degree = Math.min(limit, i * large);
    for (let at = degree; at >= large + i; at--) counts[at]! -= counts[at - large - i]!;
    for (let at = i; at <= degree; at++) counts[at]! += counts[at - i]!;
  }
  let near = 0;
  for (let at = 0; at <= limit; at++) near += counts[at]!;
  const far = ways - near + counts[limit]!;
  const [less, greater] = u === limit ? [near, far] : [far, near];
  return {less: less / ways, greater: greater / ways, lowest: 1 / ways, highest: 1 / ways};
};

/**
 * P(2U = index), 0 … 2nm, with ties (doubled, because they make halves): walk the groups upwards; of a group of t equal values k fall to the first sample with hypergeometric
 * probability, and add k·(second sample below) + k(t − k)/2 to U. State: [first-sample values so far, 2U].
 * Only products and sums of positive numbers, so the tails keep their relative accuracy.
 */
export const tied = (n: number, m: number, ties: readonly number[]): Float64Array => {
  const width = 2 * n * m + 1;
  let current = new Float64Array((n + 1) * width);
  let next = new Float64Array((n + 1) * width);
  current[0] = 1;
  let seen = 0;
  for (const size of ties) {
    next.fill(0);
    for (let taken = Math.max(0, seen - m); taken <= Math.min(n, seen); taken++) {
      const below = seen - taken;
      const fewest = Math.max(0, size - (m - below));
      const most = Math.min(size, n - taken);
      // 2U lies within 0 … 2·taken·below here, so the rest of the row is zero.
      const reach = 2 * taken * below;
      for (let k = fewest; k <= most; k++) {
        const share = hypergeometric(k, size, n - taken, m - below);
        const from = taken * width;
        const to = (taken + k) * width + 2 * k * below + k * (size - k);
        for (let u = 0; u <= reach; u++) next[to + u]! += share * current[from + u]!;
      }
    }
    [current, next] = [next, current];
    seen += size;
  }
  return current.slice(n * width);
};

/** P(k of `draws` come from the `marked`) when drawing without replacement from marked + others. */
const hypergeometric = (k: number, draws: number, marked: number, others: number): number => {
  // Π over draws, with C(draws, k) woven in: every partial product stays near its final size.
  let probability = 1;
  let total = marked + others;
  for (let i = 1; i <= draws; i++) {
    const factor = i <= k ? (marked - i + 1) * ((draws - k + i) / i) : others - (i - k - 1);
    probability *= factor / total--;
  }
  return probability;
};

/** C(n, k), exact below 2⁵³; above, only known to be above. */
export const binomial = (n: number, k: number): number => {
  let value = 1;
  for (let i = 1; i <= Math.min(k, n - k) && value <= Number.MAX_SAFE_INTEGER; i++) value = (value * (n - i + 1)) / i;
  return value;
};
