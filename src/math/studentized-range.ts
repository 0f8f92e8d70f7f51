import {exponential} from './elementary.ts';
import {normalTail} from './normal.ts';

/**
 * P(range ≥ q) of k independent standard normals: Tukey's studentised range with infinite degrees of freedom, as Nemenyi's
 * test takes it. P(range < q) = k ∫ φ(z)·(Φ(z) − Φ(z − q))^(k−1) dz; the tail is integrated itself, as
 * k ∫ φ(z)·(Φ(z)^(k−1) − (Φ(z) − Φ(z − q))^(k−1)) dz, so that small ones keep their digits. The trapezoidal rule converges
 * geometrically for such functions.
 */
export const studentizedRangeTail = (q: number, k: number): number => {
  if (q <= 0) return 1;
  const [from, steps] = [-9, 240];
  const step = (q + 18) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const z = from + i * step;
    const below = normalTail(-z);
    const inside = Math.max(0, below - normalTail(q - z));
    // aᵐ − bᵐ = (a − b) Σ aⁱ b^(m−1−i), without cancellation
    let powers = 0;
    for (let i = 0; i < k - 1; i++) powers = powers * inside + wholePower(below, i);
    sum += exponential((-z * z) / 2) * normalTail(q - z) * powers;
  }
  return Math.min(1, (k * sum * step) / Math.sqrt(2 * Math.PI));
};

/** q with P(range ≥ q) = `tail`, by bisection. */
export const studentizedRangeQuantile = (tail: number, k: number): number => {
  let [low, high] = [0, 40];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (studentizedRangeTail(middle, k) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

const wholePower = (base: number, exponent: number): number => {
  let result = 1;
  for (let i = 0; i < exponent; i++) result *= base;
  return result;
};
