/**
 * Eigenvalues, largest first, and eigenvectors of a symmetric matrix, [size, size] row by row, by Jacobi's cyclic method
 * (Golub & Van Loan, Matrix Computations, 4th ed., algorithms 8.5.1 to 8.5.3): slow, short and accurate to rounding.
 * Column j of `vectors` [size, size] belongs to value j.
 */
export const symmetricEigen = (
  matrix: Float64Array,
  size: number,
): {readonly values: Float64Array; readonly vectors: Float64Array} => {
  const a = matrix.slice();
  const v = new Float64Array(size * size);
  for (let index = 0; index < size; index++) v[index * size + index] = 1;
  const norm = Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const apq = a[p * size + q]!;
        off += apq * apq;
        if (Math.abs(apq) > 1e-300) rotate(a, v, size, p, q);
      }
    }
    if (Math.sqrt(off) <= 1e-14 * norm) break;
  }
  const order = Array.from({length: size}, (_, index) => index).sort((i, j) => a[j * size + j]! - a[i * size + i]!);
  const vectors = new Float64Array(size * size);
  for (const [to, from] of order.entries()) {
    for (let row = 0; row < size; row++) vectors[row * size + to] = v[row * size + from]!;
  }
  return {values: Float64Array.from(order, index => a[index * size + index]!), vectors};
};

// The rotation in the plane (p, q) that makes a[p, q] zero, applied from both sides to a and from the right to v.
const rotate = (a: Float64Array, v: Float64Array, size: number, p: number, q: number): void => {
  const tau = (a[q * size + q]! - a[p * size + p]!) / (2 * a[p * size + q]!);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const x = a[p * size + k]!;
    const y = a[q * size + k]!;
    a[p * size + k] = c * x - s * y;
    a[q * size + k] = s * x + c * y;
  }
  for (let k = 0; k < size; k++) {
    const row = k * size;
    const x = a[row + p]!;
    const y = a[row + q]!;
    a[row + p] = c * x - s * y;
    a[row + q] = s * x + c * y;
    const vx = v[row + p]!;
    const vy = v[row + q]!;
    v[row + p] = c * vx - s * vy;
    v[row + q] = s * vx + c * vy;
  }
};
