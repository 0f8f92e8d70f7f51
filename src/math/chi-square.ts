import {exponential} from './elementary.ts';
import {normalTail} from './normal.ts';

/**
 * P(X ≥ x) of χ² with a whole number of degrees of freedom. It has a closed form (Abramowitz and Stegun 26.4.4, 26.4.5):
 * for even ones e^(−x/2) Σ_{i < df/2} (x/2)ⁱ/i!, for odd ones twice the normal tail beyond √x and a like sum.
 */
export const chiSquareTail = (x: number, df: number): number => {
  if (x <= 0) return 1;
  const half = x / 2;
  if (df % 2 === 0) {
    let [term, sum] = [1, 1];
    for (let i = 1; i < df / 2; i++) sum += term *= half / i;
    return exponential(-half) * sum;
  }
  const root = Math.sqrt(x);
  let [term, sum] = [root, 0];
  for (let r = 1; r <= (df - 1) / 2; r++) {
    if (r > 1) term *= x / (2 * r - 1);
    sum += term;
  }
  return 2 * normalTail(root) + 2 * (exponential(-half) / Math.sqrt(2 * Math.PI)) * sum;
};
