/**
 * Exponential and logarithm from additions, multiplications and divisions only. JavaScript leaves Math.exp, Math.log and
 * Math.pow to the engine, so their last bit may change with it; these give the same number everywhere, within two units in
 * the last place.
 */

/** ln 2 in two parts: the first has 21 zero bits at its end, so that its multiples are exact. */
const [ln2High, ln2Low] = [0.6931471803691238, 1.9082149292705877e-10];

/** eˣ = 2ᵏ·eʳ with |r| ≤ ln 2 / 2, where 15 terms of the series reach double precision. */
export const exponential = (x: number): number => {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.2) return 0;
  const k = Math.round(x / Math.LN2);
  const r = x - k * ln2High - k * ln2Low;
  let sum = 1;
  for (let term = 15; term >= 1; term--) sum = 1 + (sum * r) / term;
  return sum * powerOfTwo(Math.floor(k / 2)) * powerOfTwo(k - Math.floor(k / 2));
};

/** ln x for x > 0 = k·ln 2 + 2 artanh((m − 1)/(m + 1)), m in [√½, √2), where eleven terms are enough; −∞ at 0, NaN below. */
export const logarithm = (x: number): number => {
  if (x === Infinity || Number.isNaN(x)) return x;
  if (x <= 0) return x === 0 ? -Infinity : NaN;
  let [k, m] = [0, x];
  while (m < Math.SQRT1_2) {
    const by = m < 2 ** -60 ? 60 : 1;
    m *= powerOfTwo(by);
    k -= by;
  }
  while (m >= Math.SQRT2) {
    const by = m > 2 ** 60 ? 60 : 1;
    m *= powerOfTwo(-by);
    k += by;
  }
  const ratio = (m - 1) / (m + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let odd = 25; odd >= 3; odd -= 2) sum = (sum + 1 / odd) * square;
  return k * ln2High + (k * ln2Low + (2 * ratio * sum + 2 * ratio));
};

/** ln Γ(x) for x > 0 by Stirling's series at x + n ≥ 16 (Abramowitz and Stegun 6.1.41) and Γ(x + 1) = xΓ(x). */
export const logGamma = (x: number): number => {
  let [shifted, product] = [x, 1];
  while (shifted < 16) product *= shifted++;
  const inverse = 1 / (shifted * shifted);
  const series =
    (1 / 12 -
      inverse *
        (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse * (1 / 1188 - inverse * (691 / 360360)))))) /
    shifted;
  return (shifted - 0.5) * logarithm(shifted) - shifted + 0.9189385332046728 + series - logarithm(product);
};

/** 2ᵏ for |k| ≤ 1023 by exact multiplications. */
const powerOfTwo = (k: number): number => {
  let result = 1;
  for (let [left, factor] = [Math.abs(k), k < 0 ? 0.5 : 2]; left > 0; left >>= 1, factor *= factor) {
    if (left & 1) result *= factor;
  }
  return result;
};
