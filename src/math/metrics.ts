import {midranks, type Numbers} from './ranks.ts';

type Label = string | number;

/** Share of equal pairs, in [0, 1]. */
export const accuracy = (labels: ArrayLike<Label>, predictions: ArrayLike<Label>): number => {
  checkPairs(labels, predictions);
  let hits = 0;
  for (let at = 0; at < labels.length; at++) if (labels[at] === predictions[at]) hits++;
  return hits / labels.length;
};

/**
 * Binary F1 = 2 TP / (2 TP + FP + FN) of the class `positive`; 0 where that is 0/0 (neither predicted nor there), as
 * scikit-learn's `f1_score(…, zero_division=0)`.
 */
export const f1 = (labels: ArrayLike<Label>, predictions: ArrayLike<Label>, positive: Label): number => {
  checkPairs(labels, predictions);
  let [hits, gold, predicted] = [0, 0, 0];
  for (let at = 0; at < labels.length; at++) {
    const isGold = labels[at] === positive;
    const isPredicted = predictions[at] === positive;
    if (isGold) gold++;
    if (isPredicted) predicted++;
    if (isGold && isPredicted) hits++;
  }
  return gold + predicted === 0 ? 0 : (2 * hits) / (gold + predicted);
};

/**
 * Matthews correlation for any number of classes (Gorodkin 2004, R_K; for two classes the phi coefficient):
 * (c·s − Σ_k p_k t_k) / sqrt((s² − Σ p_k²)(s² − Σ t_k²)), with s examples, c hits, and p_k, t_k how often class k was
 * predicted and true. 0 where it is undefined (all labels or all predictions equal).
 */
export const matthews = (labels: ArrayLike<Label>, predictions: ArrayLike<Label>): number => {
  checkPairs(labels, predictions);
  const classes = new Map<Label, {gold: number; predicted: number}>();
  const countsOf = (label: Label) => {
    const known = classes.get(label);
    if (known) return known;
    const counts = {gold: 0, predicted: 0};
    classes.set(label, counts);
    return counts;
  };
  let hits = 0;
  for (let at = 0; at < labels.length; at++) {
    if (labels[at] === predictions[at]) hits++;
    countsOf(labels[at]!).gold++;
    countsOf(predictions[at]!).predicted++;
  }
  return matthewsFromCounts(labels.length, hits, [...classes.values()]);
};

/** The formula of `matthews` on counts; weighted resamples use it too. */
export const matthewsFromCounts = (
  total: number,
  hits: number,
  classes: readonly {readonly gold: number; readonly predicted: number}[],
): number => {
  let [crossed, goldSquares, predictedSquares] = [0, 0, 0];
  for (const {gold, predicted} of classes) {
    crossed += gold * predicted;
    goldSquares += gold * gold;
    predictedSquares += predicted * predicted;
  }
  const spread = (total * total - goldSquares) * (total * total - predictedSquares);
  return spread === 0 ? 0 : (hits * total - crossed) / Math.sqrt(spread);
};

/** Pearson's r. 0 where it is undefined: fewer than two pairs, or a side that is constant. NaN in, NaN out. */
export const pearson = (x: Numbers, y: Numbers): number => {
  checkPairs(x, y);
  const dx = centred(x);
  const dy = centred(y);
  if (dx === null || dy === null) return 0;
  let [xy, xx, yy] = [0, 0, 0];
  for (let at = 0; at < dx.length; at++) {
    xy += dx[at]! * dy[at]!;
    xx += dx[at]! * dx[at]!;
    yy += dy[at]! * dy[at]!;
  }
  const r = xy / Math.sqrt(xx * yy);
  // Rounding can carry a perfect correlation past 1.
  return Number.isNaN(r) ? NaN : Math.max(-1, Math.min(1, r));
};

/** Spearman's rho: Pearson's r of midranks, so ties are right. 0 where it is undefined, as for `pearson`. */
export const spearman = (x: Numbers, y: Numbers): number => {
  checkPairs(x, y);
  for (let at = 0; at < x.length; at++) if (Number.isNaN(x[at]) || Number.isNaN(y[at])) return NaN;
  return pearson(midranks(x), midranks(y));
};

/** Deviations from the mean scaled to at most 1 (no overflow, no underflow), or null for a constant. */
const centred = (values: Numbers): Float64Array | null => {
  // Compared, not computed: the mean of equal numbers may differ from them in the last bit.
  let isConstant = true;
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    if (values[at] !== values[0]) isConstant = false;
    sum += values[at]! / values.length;
  }
  if (isConstant) return null;
  const deviations = Float64Array.from(values, value => value - sum);
  const scale = deviations.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return deviations.map(value => value / scale);
};

const checkPairs = (a: ArrayLike<unknown>, b: ArrayLike<unknown>): void => {
  if (a.length !== b.length) {
    throw new RangeError(
      `A metric compares pairs: expected as many predictions as labels, found ${b.length} and ${a.length}.`,
    );
  }
  if (a.length === 0) throw new RangeError('A metric needs at least one example, found none.');
};
