import type {Random} from './random.ts';
import {symmetricEigen} from './symmetric-eigen.ts';

/** A sparse matrix by rows: row r has the values `values[starts[r] … starts[r + 1]]` in the columns `columns[…]`. */
export interface SparseRows {
  readonly rows: number;
  readonly width: number;
  readonly starts: Int32Array | Uint32Array;
  readonly columns: Int32Array | Uint32Array;
  readonly values: Float64Array;
}

export interface TruncatedSvd {
  /** The largest singular values, [rank], descending. */
  readonly singularValues: Float64Array;
  /** Right singular vectors, [width, rank] row by row; each has its largest component positive. */
  readonly right: Float64Array;
}

export interface RandomizedSvdOptions {
  readonly rank: number;
  readonly random: Random;
  /** Subspace iterations; each one sharpens the subspace by the square of the ratio of singular values. */
  readonly iterations?: number;
  readonly oversampling?: number;
}

/**
 * The largest singular values and right singular vectors of A by randomised subspace iteration (Halko, Martinsson &
 * Tropp 2011, https://arxiv.org/abs/0909.4061, algorithm 4.4, on the side of the columns): Q ← orth(AᵀA Q) from a
 * Gaussian start, then the eigenvectors of Qᵀ AᵀA Q. AᵀA is never formed. Row vectors in the space are A · right = UΣ.
 */
export const randomizedSvd = (
  a: SparseRows,
  {rank, random, iterations = 3, oversampling = 10}: RandomizedSvdOptions,
): TruncatedSvd => {
  const limit = Math.min(a.rows, a.width);
  if (!(rank >= 1 && rank <= limit)) {
    throw new RangeError(
      `A ${a.rows} × ${a.width} matrix has ${limit} singular values; expected a rank of 1 to ${limit}, got ${rank}.`,
    );
  }
  const size = Math.min(limit, rank + oversampling);
  const basis = Array.from({length: size}, () => Float64Array.from({length: a.width}, () => random.normal()));
  const between = new Float64Array(a.rows);
  for (let iteration = 0; iteration < iterations; iteration++) {
    for (const column of basis) multiplyGram(a, column, between, column);
    orthonormalize(basis, random);
  }
  const gram = new Float64Array(size * size);
  const image = new Float64Array(a.width);
  for (let j = 0; j < size; j++) {
    multiplyGram(a, basis[j]!, between, image);
    for (let i = 0; i <= j; i++) gram[i * size + j] = gram[j * size + i] = dot(basis[i]!, image);
  }
  const {values, vectors} = symmetricEigen(gram, size);
  const right = new Float64Array(a.width * rank);
  const column = new Float64Array(a.width);
  for (let j = 0; j < rank; j++) {
    column.fill(0);
    for (let i = 0; i < size; i++) addScaled(column, basis[i]!, vectors[i * size + j]!);
    const sign = column.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0) < 0 ? -1 : 1;
    for (let row = 0; row < a.width; row++) right[row * rank + j] = sign * column[row]!;
  }
  return {singularValues: values.slice(0, rank).map(value => Math.sqrt(Math.max(0, value))), right};
};

// target = Aᵀ A x; `between` holds A x. `target` may be `x`.
const multiplyGram = (a: SparseRows, x: Float64Array, between: Float64Array, target: Float64Array): void => {
  const {starts, columns, values} = a;
  for (let row = 0; row < a.rows; row++) {
    let sum = 0;
    for (let at = starts[row]!; at < starts[row + 1]!; at++) sum += values[at]! * x[columns[at]!]!;
    between[row] = sum;
  }
  target.fill(0);
  for (let row = 0; row < a.rows; row++) {
    const scale = between[row]!;
    for (let at = starts[row]!; at < starts[row + 1]!; at++) target[columns[at]!]! += values[at]! * scale;
  }
};

// Modified Gram-Schmidt, twice where once would leave errors: they grow as the columns depend on each other. A column that vanishes (the
// matrix has fewer singular values than columns were asked for) is replaced by a random one.
const orthonormalize = (columns: readonly Float64Array[], random: Random): void => {
  for (const [index, column] of columns.entries()) {
    for (let pass = 0; ; pass++) {
      const before = Math.sqrt(dot(column, column));
      for (let other = 0; other < index; other++) addScaled(column, columns[other]!, -dot(columns[other]!, column));
      const length = Math.sqrt(dot(column, column));
      if (!(length > 1e-12 * before)) {
        for (let row = 0; row < column.length; row++) column[row] = random.normal();
        continue;
      }
      for (let row = 0; row < column.length; row++) column[row]! /= length;
      // A second pass where the first left less than a thousandth, and with it errors of a thousand roundings.
      if (length > 1e-3 * before || pass > 4) break;
    }
  }
};

// Four sums at once: additions that wait for each other would take four times as long.
const dot = (x: Float64Array, y: Float64Array): number => {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = x.length & ~3;
  for (let index = 0; index < whole; index += 4) {
    a += x[index]! * y[index]!;
    b += x[index + 1]! * y[index + 1]!;
    c += x[index + 2]! * y[index + 2]!;
    d += x[index + 3]! * y[index + 3]!;
  }
  for (let index = whole; index < x.length; index++) a += x[index]! * y[index]!;
  return a + b + (c + d);
};

const addScaled = (target: Float64Array, x: Float64Array, scale: number): void => {
  for (let index = 0; index < target.length; index++) target[index]! += scale * x[index]!;
};
