import {sortSmall} from './descriptive.ts';
import {binomialTails} from './binomial-tail.ts';
import type {Numbers} from './ranks.ts';

/** Numbers in ascending order and how probable each is. */
export interface Discrete {
  readonly values: Float64Array;
  readonly probabilities: Float64Array;
}

/**
 * The exact distribution of the median of `draws` values drawn with replacement from `sample`: what a bootstrap of the
 * median estimates by resampling. It needs only how probable each place in the sorted sample is to stand in the middle of
 * the resample (for an odd number of draws Efron 1979, section 3), or each pair of places to be the middle two.
 */
export const medianDistribution = (sample: Numbers, draws: number): Discrete => {
  const sorted = Float64Array.from(sample);
  sortSmall(sorted);
  return draws % 2 === 1 ? oddMedian(sorted, draws) : evenMedian(sorted, draws / 2);
};

const oddMedian = (sorted: Float64Array, draws: number): Discrete => ({
  values: sorted,
  probabilities: placeOfOrder(sorted.length, draws, (draws + 1) / 2),
});

/**
 * P(the middle two stand at places i < j) = C(2k, k)·(lᵏ(i) − lᵏ(i − 1))·(uᵏ(j) − uᵏ(j + 1)), with l(i) = i/s the share of
 * places up to i and u(j) = (s − j + 1)/s of those from j on: k draws up to i, one of them at i, and k from j on. What is
 * left of P(the k-th stands at i) is that both stand there.
 */
const evenMedian = (sorted: Float64Array, k: number): Discrete => {
  const size = sorted.length;
  const reach = Float64Array.from({length: size + 1}, (_, places) => power(places / size, k));
  const step = (places: number): number => reach[places]! - reach[places - 1]!;
  let ways = 1;
  for (let i = 1; i <= k; i++) ways *= (k + i) / i;
  const lower = placeOfOrder(size, 2 * k, k);
  const pairs: {value: number; probability: number}[] = [];
  for (let i = 1; i <= size; i++) {
    const here = ways * step(i);
    pairs.push({value: sorted[i - 1]!, probability: Math.max(0, lower[i - 1]! - here * reach[size - i]!)});
    for (let j = i + 1; j <= size; j++) {
      pairs.push({value: (sorted[i - 1]! + sorted[j - 1]!) / 2, probability: here * step(size - j + 1)});
    }
  }
  pairs.sort((a, b) => a.value - b.value);
  return {
    values: Float64Array.from(pairs, pair => pair.value),
    probabilities: Float64Array.from(pairs, pair => pair.probability),
  };
};

/** P(the r-th smallest of the draws stands at place i of `size`): differences of P(at least r draws are at i or before). */
const placeOfOrder = (size: number, draws: number, r: number): Float64Array => {
  const atOrBefore = Float64Array.from({length: size + 1}, (_, i) => binomialTails(r, draws, i / size).atLeast);
  // From the other end, so that small probabilities are differences of small numbers on both sides.
  const after = Float64Array.from({length: size + 1}, (_, i) => binomialTails(r, draws, i / size).below);
  return Float64Array.from({length: size}, (_, i) =>
    atOrBefore[i + 1]! < 0.5 ? atOrBefore[i + 1]! - atOrBefore[i]! : after[i]! - after[i + 1]!,
  );
};

/** By multiplications only: Math.pow may differ in the last bit between engines. */
const power = (base: number, exponent: number): number => {
  let [result, square] = [1, base];
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
};
