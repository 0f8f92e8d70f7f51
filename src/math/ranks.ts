/** Numbers in: plain arrays or typed arrays. */
export type Numbers = ArrayLike<number>;

/** Positions of `values` in ascending order of value; equal values keep their order. */
export const ascendingOrder = (values: Numbers): Uint32Array => {
  const order = Uint32Array.from({length: values.length}, (_, at) => at);
  return order.sort((a, b) => values[a]! - values[b]! || a - b);
};

/** Ranks from 1; equal values share the mean of their ranks (`scipy.stats.rankdata`, method average). */
export const midranks = (values: Numbers): Float64Array => {
  const order = ascendingOrder(values);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    // Ranks start + 1 … end: their mean.
    for (let at = start; at < end; at++) ranks[order[at]!] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
};
