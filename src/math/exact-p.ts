import {type Alternative, clipToOne} from './samples.ts';

/**
 * The p value of `observed` under a distribution over 0 … length − 1 (index = value), both tails including it. Two-sided
 * is twice the smaller tail, which is SciPy's convention also where ties make the distribution lopsided.
 */
export const exactP = (
  distribution: Float64Array,
  observed: number,
  alternative: Alternative,
): {p: number; smallest: number} => {
  let [less, greater] = [0, 0];
  for (let value = 0; value <= observed; value++) less += distribution[value]!;
  for (let value = distribution.length - 1; value >= observed; value--) greater += distribution[value]!;
  const lowest = distribution.find(share => share > 0) ?? 1;
  const highest = distribution.findLast(share => share > 0) ?? 1;
  switch (alternative) {
    case 'less':
      return {p: clipToOne(less), smallest: lowest};
    case 'greater':
      return {p: clipToOne(greater), smallest: highest};
    case 'two-sided':
      return {p: clipToOne(2 * Math.min(less, greater)), smallest: clipToOne(2 * Math.min(lowest, highest))};
  }
};
