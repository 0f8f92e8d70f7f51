import {mean} from './descriptive.ts';
import type {Numbers} from './ranks.ts';
import type {Statistic} from './statistic.ts';

/**
 * For each sample the statistics with one of its values left out, the other samples whole; paired: one list, position i
 * left out of all samples.
 */
export const jackknife = (samples: readonly Numbers[], statistic: Statistic, paired: boolean): Float64Array[] => {
  const whole = (): Float64Array[] => samples.map(sample => Float64Array.from(sample));
  const groups = paired ? [samples.map((_, at) => at)] : samples.map((_, at) => [at]);
  return groups.map(group => {
    const size = samples[group[0]!]!.length;
    return Float64Array.from({length: size}, (_, left) => {
      const reduced = whole();
      for (const at of group) reduced[at] = reduced[at]!.filter((_, position) => position !== left);
      return statistic(...reduced);
    });
  });
};

/**
 * sqrt(Σ_j (n_j − 1)/n_j Σ_i (θ_(ji) − θ_(j·))²) (Efron and Tibshirani 1993, equation 11.5, one term a sample). Values that
 * differ by rounding only count as equal: a ratio to their spread would be noise.
 */
export const standardErrorByJackknife = (
  samples: readonly Numbers[],
  statistic: Statistic,
  paired: boolean,
): number => {
  let variance = 0;
  for (const without of jackknife(samples, statistic, paired)) {
    const centre = mean(without);
    let [squares, widest, largest] = [0, 0, 0];
    for (const value of without) {
      squares += (value - centre) * (value - centre);
      widest = Math.max(widest, Math.abs(value - without[0]!));
      largest = Math.max(largest, Math.abs(value));
    }
    if (widest <= 1e-12 * largest) continue;
    variance += ((without.length - 1) / without.length) * squares;
  }
  return Math.sqrt(variance);
};
