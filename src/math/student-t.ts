import {exponential, logarithm, logGamma} from './elementary.ts';

/**
 * Regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22, evaluated by Lentz's method),
 * which converges fast for x < (a + 1)/(a + b + 2); above, I_x(a, b) = 1 − I_{1−x}(b, a).
 *
 * @param rest 1 − x, given by the caller, who often knows it without cancellation
 */
export const incompleteBeta = (x: number, a: number, b: number, rest = 1 - x): number => {
  if (x <= 0) return 0;
  if (rest <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(rest, b, a, x);
  const front = exponential(
    a * logarithm(x) + b * logarithm(rest) + logGamma(a + b) - logGamma(a) - logGamma(b) - logarithm(a),
  );
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return front * fraction;
};

/** P(T ≥ t) of Student's t with `df` > 0 degrees of freedom, not necessarily whole. */
export const studentTail = (t: number, df: number): number => {
  const square = t * t;
  const half = square === Infinity ? 0 : incompleteBeta(df / (df + square), df / 2, 0.5, square / (df + square)) / 2;
  return t >= 0 ? half : 1 - half;
};

/** t with P(T ≥ t) = `tail`, by bisection: monotone, and as accurate as `studentTail`. */
export const studentQuantile = (tail: number, df: number): number => {
  if (tail === 0.5) return 0;
  if (tail > 0.5) return -studentQuantile(1 - tail, df);
  let [low, high] = [0, 1];
  while (studentTail(high, df) > tail) {
    low = high;
    high *= 2;
  }
  for (let step = 0; step < 80 && high - low > 1e-16 * high; step++) {
    const middle = (low + high) / 2;
    if (studentTail(middle, df) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

/** P(F ≥ f) of Fisher's F. */
export const fTail = (f: number, df1: number, df2: number): number =>
  f <= 0 ? 1 : incompleteBeta(df2 / (df2 + df1 * f), df2 / 2, df1 / 2, (df1 * f) / (df2 + df1 * f));
