import {matthewsFromCounts} from './metrics.ts';
import {ascendingOrder, type Numbers} from './ranks.ts';

/**
 * A metric of one run's predictions with each example counted `counts[example]` times, as a bootstrap over examples needs
 * it: the value is that of `metrics.ts` on the examples repeated, without repeating them. Undefined correlations are 0.
 */
export type WeightedMetric = (counts: Int32Array) => number;

export const weightedAccuracy = (labels: ArrayLike<string>, predictions: ArrayLike<string>): WeightedMetric => {
  const hits = Int32Array.from(labels, (label, at) => (label === predictions[at] ? 1 : 0));
  return counts => dot(counts, hits) / total(counts);
};

export const weightedF1 = (
  labels: ArrayLike<string>,
  predictions: ArrayLike<string>,
  positive: string,
): WeightedMetric => {
  const gold = Int32Array.from(labels, label => (label === positive ? 1 : 0));
  const predicted = Int32Array.from(predictions, label => (label === positive ? 1 : 0));
  const hits = gold.map((is, at) => is & predicted[at]!);
  return counts => {
    const both = dot(counts, gold) + dot(counts, predicted);
    return both === 0 ? 0 : (2 * dot(counts, hits)) / both;
  };
};

export const weightedMatthews = (labels: ArrayLike<string>, predictions: ArrayLike<string>): WeightedMetric => {
  const names = [...new Set([...Array.from(labels), ...Array.from(predictions)])];
  const numberOf = new Map(names.map((name, at) => [name, at]));
  const gold = Int32Array.from(labels, name => numberOf.get(name)!);
  const predicted = Int32Array.from(predictions, name => numberOf.get(name)!);
  const hits = gold.map((label, at) => (label === predicted[at] ? 1 : 0));
  return counts => {
    const classes = names.map(() => ({gold: 0, predicted: 0}));
    for (let at = 0; at < counts.length; at++) {
      classes[gold[at]!]!.gold += counts[at]!;
      classes[predicted[at]!]!.predicted += counts[at]!;
    }
    return matthewsFromCounts(total(counts), dot(counts, hits), classes);
  };
};

export const weightedPearson = (x: Numbers, y: Numbers): WeightedMetric => {
  const [first, second] = [Float64Array.from(x), Float64Array.from(y)];
  return counts => weightedCorrelation(counts, first, second);
};

/** The orders are found once; a resample's midranks then take one walk along each. */
export const weightedSpearman = (x: Numbers, y: Numbers): WeightedMetric => {
  const [first, second] = [rankWalk(x), rankWalk(y)];
  return counts => weightedCorrelation(counts, first(counts), second(counts));
};

const rankWalk = (values: Numbers): ((counts: Int32Array) => Float64Array) => {
  const order = ascendingOrder(values);
  const ends: number[] = [];
  for (let at = 1; at <= order.length; at++) {
    if (at === order.length || values[order[at]!] !== values[order[at - 1]!]) ends.push(at);
  }
  const groupEnds = Uint32Array.from(ends);
  const ranks = new Float64Array(values.length);
  return counts => {
    let start = 0;
    let below = 0;
    for (const end of groupEnds) {
      let tied = 0;
      for (let at = start; at < end; at++) tied += counts[order[at]!]!;
      const rank = below + (tied + 1) / 2;
      for (let at = start; at < end; at++) ranks[order[at]!] = rank;
      below += tied;
      start = end;
    }
    return ranks;
  };
};

const weightedCorrelation = (counts: Int32Array, x: Float64Array, y: Float64Array): number => {
  const n = total(counts);
  const meanX = dot(counts, x) / n;
  const meanY = dot(counts, y) / n;
  const first = counts.findIndex(count => count > 0);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  let isConstantX = true;
  let isConstantY = true;
  for (let at = first; at < counts.length; at++) {
    const count = counts[at]!;
    if (count === 0) continue;
    // Compared, not computed: the mean of equal numbers may differ from them in the last bit.
    if (x[at] !== x[first]) isConstantX = false;
    if (y[at] !== y[first]) isConstantY = false;
    const dx = x[at]! - meanX;
    const dy = y[at]! - meanY;
    xy += count * dx * dy;
    xx += count * dx * dx;
    yy += count * dy * dy;
  }
  return isConstantX || isConstantY ? 0 : xy / Math.sqrt(xx * yy);
};

const total = (counts: Int32Array): number => {
  let sum = 0;
  for (let at = 0; at < counts.length; at++) sum += counts[at]!;
  return sum;
};

const dot = (counts: Int32Array, values: Int32Array | Float64Array): number => {
  let sum = 0;
  for (let at = 0; at < counts.length; at++) sum += counts[at]! * values[at]!;
  return sum;
};
