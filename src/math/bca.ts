import {mean} from './descriptive.ts';
import {jackknife} from './jackknife.ts';
import {normalCdf, normalQuantile} from './normal.ts';
import type {Numbers} from './ranks.ts';
import type {Statistic} from './statistic.ts';

/**
 * Nominal tail → the quantile of the resampled statistics to take, bias-corrected and accelerated (Efron 1987, equations 2.3
 * and 6.6): Φ(z₀ + (z₀ + z)/(1 − a(z₀ + z))).
 */
export const bcaShift = (
  samples: readonly Numbers[],
  statistic: Statistic,
  estimate: number,
  statistics: Float64Array,
  paired: boolean,
): ((tail: number) => number) => {
  let [below, equal] = [0, 0];
  // A resample that is the sample again, in another order, is a tie though its sum may be rounded otherwise.
  const slack = 1e-12 * Math.abs(estimate);
  for (const value of statistics) {
    if (value < estimate - slack) below++;
    else if (value <= estimate + slack) equal++;
  }
  const bias = normalQuantile((below + equal / 2) / statistics.length);
  // a = Σ_j Σ_i U_ji³/n_j³ / (6 (Σ_j Σ_i U_ji²/n_j²)^{3/2}), U_ji = (n_j − 1)(mean − the statistic without value i of j)
  let [cubes, squares] = [0, 0];
  for (const without of jackknife(samples, statistic, paired)) {
    const n = without.length;
    const centre = mean(without);
    for (const value of without) {
      const influence = ((n - 1) * (centre - value)) / n;
      squares += influence * influence;
      cubes += influence * influence * influence;
    }
  }
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares));
  return tail => {
    const z = bias + normalQuantile(tail);
    return Number.isFinite(bias) ? normalCdf(bias + z / (1 - acceleration * z)) : bias < 0 ? 0 : 1;
  };
};
