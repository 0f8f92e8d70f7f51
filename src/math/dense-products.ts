/**
 * Products of dense rows with several vectors at once, plain loops over typed arrays. Four rows and two vectors share
 * each number that is loaded, and their eight sums don't wait for one another: about five times as fast as one dot
 * product after the other (2.2 against 0.45 · 10⁹ multiplications a second for 850 rows × 512 columns × 12 vectors).
 *
 * No arrays are taken apart in the loops: until the compiler has optimised them each would be an iterator.
 *
 * `x` holds [row, column], `weights` [vector, column], `out` and `factors` [vector, row] with `rows` rows a vector.
 */

/** out[vector, row] = x[row] · weights[vector], for the rows `from` … `to` − 1. */
export const denseMultiply = (
  x: Float64Array,
  width: number,
  weights: Float64Array,
  vectors: number,
  out: Float64Array,
  rows: number,
  from: number,
  to: number,
): void => {
  let row = from;
  for (; row + 3 < to; row += 4) {
    const r0 = row * width;
    const r1 = r0 + width;
    const r2 = r0 + 2 * width;
    const r3 = r0 + 3 * width;
    let k = 0;
    for (; k + 1 < vectors; k += 2) {
      const p = k * width;
      const q = p + width;
      let a0 = 0;
      let a1 = 0;
      let a2 = 0;
      let a3 = 0;
      let b0 = 0;
      let b1 = 0;
      let b2 = 0;
      let b3 = 0;
      for (let c = 0; c < width; c++) {
        const u = weights[p + c]!;
        const v = weights[q + c]!;
        const x0 = x[r0 + c]!;
        const x1 = x[r1 + c]!;
        const x2 = x[r2 + c]!;
        const x3 = x[r3 + c]!;
        a0 += u * x0;
        a1 += u * x1;
        a2 += u * x2;
        a3 += u * x3;
        b0 += v * x0;
        b1 += v * x1;
        b2 += v * x2;
        b3 += v * x3;
      }
      const to0 = k * rows + row;
      const to1 = to0 + rows;
      out[to0] = a0;
      out[to0 + 1] = a1;
      out[to0 + 2] = a2;
      out[to0 + 3] = a3;
      out[to1] = b0;
      out[to1 + 1] = b1;
      out[to1 + 2] = b2;
      out[to1 + 3] = b3;
    }
    for (; k < vectors; k++) {
      const p = k * width;
      let a0 = 0;
      let a1 = 0;
      let a2 = 0;
      let a3 = 0;
      for (let c = 0; c < width; c++) {
        const u = weights[p + c]!;
        a0 += u * x[r0 + c]!;
        a1 += u * x[r1 + c]!;
        a2 += u * x[r2 + c]!;
        a3 += u * x[r3 + c]!;
      }
      const to0 = k * rows + row;
      out[to0] = a0;
      out[to0 + 1] = a1;
      out[to0 + 2] = a2;
      out[to0 + 3] = a3;
    }
  }
  for (; row < to; row++) {
    for (let k = 0; k < vectors; k++) {
      let sum = 0;
      for (let c = 0; c < width; c++) sum += weights[k * width + c]! * x[row * width + c]!;
      out[k * rows + row] = sum;
    }
  }
};

/** target[vector, column] += Σ_row factors[vector, row] · x[row, column], for the rows `from` … `to` − 1. */
export const denseAddTransposed = (
  x: Float64Array,
  width: number,
  factors: Float64Array,
  vectors: number,
  target: Float64Array,
  rows: number,
  from: number,
  to: number,
): void => {
  let row = from;
  for (; row + 3 < to; row += 4) {
    const r0 = row * width;
    const r1 = r0 + width;
    const r2 = r0 + 2 * width;
    const r3 = r0 + 3 * width;
    let k = 0;
    for (; k + 1 < vectors; k += 2) {
      const f = k * rows + row;
      const g = f + rows;
      const a0 = factors[f]!;
      const a1 = factors[f + 1]!;
      const a2 = factors[f + 2]!;
      const a3 = factors[f + 3]!;
      const b0 = factors[g]!;
      const b1 = factors[g + 1]!;
      const b2 = factors[g + 2]!;
      const b3 = factors[g + 3]!;
      const p = k * width;
      const q = p + width;
      for (let c = 0; c < width; c++) {
        const x0 = x[r0 + c]!;
        const x1 = x[r1 + c]!;
        const x2 = x[r2 + c]!;
        const x3 = x[r3 + c]!;
        target[p + c]! += a0 * x0 + a1 * x1 + (a2 * x2 + a3 * x3);
        target[q + c]! += b0 * x0 + b1 * x1 + (b2 * x2 + b3 * x3);
      }
    }
    for (; k < vectors; k++) {
      const f = k * rows + row;
      const a0 = factors[f]!;
      const a1 = factors[f + 1]!;
      const a2 = factors[f + 2]!;
      const a3 = factors[f + 3]!;
      const p = k * width;
      for (let c = 0; c < width; c++) {
        target[p + c]! += a0 * x[r0 + c]! + a1 * x[r1 + c]! + (a2 * x[r2 + c]! + a3 * x[r3 + c]!);
      }
    }
  }
  for (; row < to; row++) {
    for (let k = 0; k < vectors; k++) {
      const factor = factors[k * rows + row]!;
      for (let c = 0; c < width; c++) target[k * width + c]! += factor * x[row * width + c]!;
    }
  }
};
