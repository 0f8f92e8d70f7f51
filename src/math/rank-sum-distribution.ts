/**
 * The exact distribution of Mann and Whitney's U over all C(n + m, n) ways to label n of n + m values as the first
 * sample. Index u holds P(2U = u), u = 0 … 2nm; doubled, because ties make halves.
 *
 * @param ties sizes of the groups of equal values in ascending order of value; all 1 without ties
 */
export const rankSumDistribution = (n: number, m: number, ties: readonly number[]): Float64Array =>
  ties.every(size => size === 1) && binomial(n + m, n) <= Number.MAX_SAFE_INTEGER ? untied(n, m) : tied(n, m, ties);

/**
 * Without ties the counts of subsets by U are the coefficients of the Gaussian binomial
 * Π_{i=1..n} (1 − q^{m+i}) / (1 − q^i) (Mann and Whitney 1947). Each factor is one multiplication and one division of a
 * polynomial in place; all numbers are integers below 2⁵³, so nothing is rounded.
 */
const untied = (n: number, m: number): Float64Array => {
  const [small, large] = n < m ? [n, m] : [m, n];
  const counts = new Float64Array(n * m + 1);
  counts[0] = 1;
  for (let i = 1; i <= small; i++) {
    // The product has degree i·large once the division is done.
    const degree = i * large;
    for (let u = degree; u >= large + i; u--) counts[u]! -= counts[u - large - i]!;
    for (let u = i; u <= degree; u++) counts[u]! += counts[u - i]!;
  }
  const total = binomial(n + m, n);
  const probabilities = new Float64Array(2 * n * m + 1);
  for (let u = 0; u <= n * m; u++) probabilities[2 * u] = counts[u]! / total;
  return probabilities;
};

/**
 * With ties: walk the groups upwards; of a group of t equal values k fall to the first sample with hypergeometric
 * probability, and add k·(second sample below) + k(t − k)/2 to U. State: [first-sample values so far, 2U].
 * Only products and sums of positive numbers, so the tails keep their relative accuracy.
 */
const tied = (n: number, m: number, ties: readonly number[]): Float64Array => {
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
