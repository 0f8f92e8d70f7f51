import type {Numbers} from './ranks.ts';

/** Holm 1979 (family-wise error, any dependence): adj_(i) = max_{j ≤ i} min(1, (m − j + 1) p_(j)). Same order as given. */
export const holm = (pValues: Numbers): number[] => {
  const {order, adjusted} = prepare(pValues);
  let largest = 0;
  order.forEach((at, i) => {
    largest = Math.max(largest, Math.min(1, (order.length - i) * pValues[at]!));
    adjusted[at] = largest;
  });
  return adjusted;
};

/** Benjamini and Hochberg 1995 (false discovery rate): adj_(i) = min_{j ≥ i} min(1, m p_(j)/j). Same order as given. */
export const benjaminiHochberg = (pValues: Numbers): number[] => stepUp(pValues, 1);

/** Benjamini and Yekutieli 2001 (any dependence): Benjamini-Hochberg times Σ_{j=1..m} 1/j. Same order as given. */
export const benjaminiYekutieli = (pValues: Numbers): number[] => {
  let harmonic = 0;
  for (let j = 1; j <= pValues.length; j++) harmonic += 1 / j;
  return stepUp(pValues, harmonic);
};

const stepUp = (pValues: Numbers, factor: number): number[] => {
  const {order, adjusted} = prepare(pValues);
  let smallest = 1;
  for (let i = order.length - 1; i >= 0; i--) {
    const at = order[i]!;
    smallest = Math.min(smallest, (order.length * factor * pValues[at]!) / (i + 1));
    adjusted[at] = smallest;
  }
  return adjusted;
};

/** An empty family stays empty; a value outside [0, 1] is no p value. */
const prepare = (pValues: Numbers): {order: number[]; adjusted: number[]} => {
  const values = Array.from(pValues);
  values.forEach((p, at) => {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`p values lie between 0 and 1, found ${p} at index ${at}.`);
  });
  return {order: values.map((_, at) => at).sort((a, b) => values[a]! - values[b]!), adjusted: [...values]};
};
