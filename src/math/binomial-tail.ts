/**
 * P(X ≥ k) and P(X < k) of X ~ binomial(n, p), each summed from its far end: sums of positive numbers, so that a small tail keeps
 * its relative accuracy.
 */
export const binomialTails = (k: number, n: number, p: number): {atLeast: number; below: number} => {
  if (k <= 0) return {atLeast: 1, below: 0};
  if (k > n) return {atLeast: 0, below: 1};
  if (p <= 0) return {atLeast: 0, below: 1};
  if (p >= 1) return {atLeast: 1, below: 0};
  // Weights relative to that of the mode, which is about 1/sqrt(n): nothing underflows that is not negligible.
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const weights = new Float64Array(n + 1);
  weights[mode] = 1;
  const odds = p / (1 - p);
  for (let i = mode; i < n; i++) weights[i + 1] = (weights[i]! * (n - i) * odds) / (i + 1);
  for (let i = mode; i > 0; i--) weights[i - 1] = (weights[i]! * i) / ((n - i + 1) * odds);
  let [above, below] = [0, 0];
  for (let i = n; i >= k; i--) above += weights[i]!;
  for (let i = 0; i < k; i++) below += weights[i]!;
  const all = above + below;
  return {atLeast: above / all, below: below / all};
};
