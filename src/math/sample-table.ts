import type {Random} from './random.ts';

/**
 * Draws indices with the given probabilities (which need not sum to 1) by inverting the cumulative distribution. A guide
 * table says where the search for each of equal parts of [0, 1) begins (Chen and Asau 1974), so that a draw takes a step
 * or two however many indices there are.
 */
export const createSampler = (probabilities: Float64Array, random: Random): (() => number) => {
  const size = probabilities.length;
  const cumulative = new Float64Array(size);
  let sum = 0;
  let last = 0;
  for (let at = 0; at < size; at++) {
    cumulative[at] = sum += probabilities[at]!;
    if (probabilities[at]! > 0) last = at;
  }
  for (let at = 0; at < size; at++) cumulative[at]! /= sum;
  // Rounding must not leave anything above the last index that can occur.
  cumulative.fill(1, last);
  const guide = new Uint32Array(size);
  for (let part = 0, at = 0; part < size; part++) {
    while (cumulative[at]! <= part / size) at++;
    guide[part] = at;
  }
  return () => {
    const u = random.uniform();
    // u·size may round up to the next part, whose search would begin too late.
    let at = guide[Math.floor(u * size)]!;
    while (at > 0 && cumulative[at - 1]! > u) at--;
    while (cumulative[at]! <= u) at++;
    return at;
  };
};
