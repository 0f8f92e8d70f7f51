import standardCdf from '@stdlib/stats-base-dists-normal-cdf';
import standardQuantile from '@stdlib/stats-base-dists-normal-quantile';
import {exponential, logarithm} from './elementary.ts';

/** Φ(z). */
export const normalCdf = (z: number): number => standardCdf(z, 0, 1);

/** P(Z ≥ z), accurate in the upper tail where 1 − Φ(z) would cancel. */
export const normalTail = (z: number): number => standardCdf(-z, 0, 1);

/**
 * Φ⁻¹(p); ∓∞ at 0 and 1. The library computes erfinv(2p − 1), where a small p drowns in the 1: below 10⁻⁴ Newton's method
 * on ln Φ, which is concave, takes over.
 */
export const normalQuantile = (p: number): number => {
  if (!(p > 0 && p < 1e-4)) return standardQuantile(p, 0, 1);
  let z = -Math.sqrt(-2 * logarithm(p));
  for (let step = 0; step < 8; step++) {
    const below = normalCdf(z);
    const density = exponential((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    z -= (logarithm(below / p) * below) / density;
  }
  return z;
};
