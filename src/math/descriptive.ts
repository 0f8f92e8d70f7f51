import {
  quantileSorted,
  sampleStandardDeviation,
  standardDeviation as populationStandardDeviation,
} from 'simple-statistics';
import type {Numbers} from './ranks.ts';

// simple-statistics only reads and indexes, so typed arrays do too. Its mean is a compensated sum and its median of an even
// number a + (b − a)/2: either differs in the last bit from what resamples are compared with here (and from NumPy).

export const mean = (values: Numbers): number => {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return sum / values.length;
};

export const median = (values: Numbers): number => medianInPlace(Float64Array.from(values));

/** As `median`, but sorts its argument: for buffers that are filled anew for each resample. */
export const medianInPlace = (values: Float64Array): number => {
  sortSmall(values);
  const half = values.length >> 1;
  return values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
};

/** The q-quantile of ascending values by linear interpolation (NumPy's default, Hyndman and Fan's type 7). */
export const quantileOfSorted = (sorted: Numbers, q: number): number => quantileSorted(sorted as number[], q);

/** As `quantileOfSorted` for values in any order, which it rearranges: finding two of 100,000 needs no sorting of all. */
export const quantileInPlace = (values: Float64Array, q: number): number => {
  const position = q * (values.length - 1);
  const below = Math.floor(position);
  const low = select(values, below);
  if (position === below) return low;
  // After the selection everything to the right is at least as large.
  let high = Infinity;
  for (let at = below + 1; at < values.length; at++) if (values[at]! < high) high = values[at]!;
  return low + (high - low) * (position - below);
};

/** Hoare's selection: puts the value of rank k (from 0) where sorting would, smaller ones before it. No NaN. */
const select = (values: Float64Array, k: number): number => {
  let [left, right] = [0, values.length - 1];
  while (left < right) {
    const pivot = values[(left + right) >> 1]!;
    let [i, j] = [left, right];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const moved = values[i]!;
      values[i++] = values[j]!;
      values[j--] = moved;
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else break;
  }
  return values[k]!;
};

/** Standard deviation with `ddof` taken from the denominator: 1 for a sample of two or more, 0 for a population. */
export const standardDeviation = (values: Numbers, ddof: 0 | 1): number =>
  (ddof === 1 ? sampleStandardDeviation : populationStandardDeviation)(values as number[]);

/** A typed array's own sort has a fixed cost that dwarfs the sorting of the twenty seeds of a usual sample. */
export const sortSmall = (values: Float64Array): void => {
  if (values.length > 40) {
    values.sort();
    return;
  }
  for (let at = 1; at < values.length; at++) {
    const value = values[at]!;
    let to = at;
    while (to > 0 && values[to - 1]! > value) values[to] = values[--to]!;
    values[to] = value;
  }
};
