import {exponential, logarithm} from './elementary.ts';

/**
 * Index j holds the probability that n draws from {0, 1, 2} with the probabilities `shares` have the sum j, 0 … 2n.
 *
 * These are the coefficients of f = qⁿ, q = s₀ + s₁x + s₂x². From f′q = nq′f follows
 * (j + 1)s₀·c(j+1) = (n − j)s₁·c(j) + (2n − j + 1)s₂·c(j−1), which up to j = n adds positive numbers only, so that tails
 * keep their relative accuracy; the other half is the same from the other end.
 */
export const trinomialSums = (n: number, [s0, s1, s2]: readonly [number, number, number]): Float64Array => {
  const sums = new Float64Array(2 * n + 1);
  // Neither half starts when only 1 is ever drawn.
  sums[n] = s0 === 0 && s2 === 0 ? 1 : 0;
  climb(s2, s1, s0, sums, -1);
  climb(s0, s1, s2, sums, 1);
  return sums;
};

/** Fills one half of `sums` from its end, upwards (1) or downwards (−1), to the middle; at the end stands `first`ⁿ. */
const climb = (first: number, middle: number, last: number, sums: Float64Array, direction: 1 | -1): void => {
  if (first === 0) return;
  const n = (sums.length - 1) / 2;
  let to = direction === 1 ? 0 : 2 * n;
  // firstⁿ is often below the smallest double: the numbers are kept with a factor of their own.
  let log = n * logarithm(first);
  let factor = exponential(log);
  let before = 0;
  let now = 1;
  sums[to] = factor;
  for (let j = 0; j < n; j++) {
    let next = (middle * (n - j) * now + last * (2 * n - j + 1) * before) / (first * (j + 1));
    if (next > 1e200) {
      next *= 1e-200;
      now *= 1e-200;
      log += 200 * Math.LN10;
      factor = exponential(log);
    }
    before = now;
    now = next;
    to += direction;
    sums[to] = factor * now;
  }
};
