import {denseAddTransposed, denseMultiply} from './dense-products.ts';

/** Rows of features, dense or sparse, as the linear models read them: row i, position p holds `values` at `columns`. */
export interface FeatureRows {
  readonly rows: number;
  /** Number of columns. */
  readonly width: number;
  /** Row i is starts[i] … starts[i + 1] − 1. */
  readonly starts: Uint32Array;
  /** Column of each value; null for dense rows, whose values stand in the order of the columns. */
  readonly columns: Uint32Array | null;
  readonly values: Float64Array;
}

export interface SparseFeatureRows extends FeatureRows {
  readonly columns: Uint32Array;
}

/** @param values [row, column], row after row; not copied */
export const denseRows = (values: Float64Array, width: number): FeatureRows => {
  const rows = width === 0 ? 0 : values.length / width;
  return {rows, width, starts: Uint32Array.from({length: rows + 1}, (_, at) => at * width), columns: null, values};
};

/** The columns of a row that have a value, and their values. */
export interface SparseRow {
  readonly columns: readonly number[];
  readonly values: readonly number[];
}

export const sparseRows = (rows: readonly SparseRow[], width: number): SparseFeatureRows => {
  const starts = new Uint32Array(rows.length + 1);
  rows.forEach((row, at) => (starts[at + 1] = starts[at]! + row.columns.length));
  const columns = new Uint32Array(starts.at(-1)!);
  const values = new Float64Array(columns.length);
  rows.forEach((row, at) => {
    columns.set(row.columns, starts[at]);
    values.set(row.values, starts[at]);
  });
  return {rows: rows.length, width, starts, columns, values};
};

/** The rows `chosen`, in that order. */
export const takeRows = (from: FeatureRows, chosen: readonly number[]): FeatureRows => {
  const starts = new Uint32Array(chosen.length + 1);
  chosen.forEach((row, at) => (starts[at + 1] = starts[at]! + from.starts[row + 1]! - from.starts[row]!));
  const values = new Float64Array(starts.at(-1)!);
  const columns = from.columns && new Uint32Array(values.length);
  chosen.forEach((row, at) => {
    values.set(from.values.subarray(from.starts[row], from.starts[row + 1]), starts[at]);
    if (columns) columns.set(from.columns.subarray(from.starts[row], from.starts[row + 1]), starts[at]);
  });
  return {rows: chosen.length, width: from.width, starts, columns, values};
};

/** The rows `from` … `to` − 1 of a product; all by default. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** out[vector, row] = values of the row · weights[vector]; `weights` starts with [vector, column]. */
export const multiply = (
  features: FeatureRows,
  weights: Float64Array,
  vectors: number,
  out: Float64Array,
  {from, to}: RowRange = {from: 0, to: features.rows},
): void => {
  const {rows, width, starts, columns, values} = features;
  if (!columns) return denseMultiply(values, width, weights, vectors, out, rows, from, to);
  for (let row = from; row < to; row++) {
    const start = starts[row]!;
    const end = starts[row + 1]!;
    for (let k = 0; k < vectors; k++) {
      const offset = k * width;
      let sum = 0;
      for (let at = start; at < end; at++) sum += values[at]! * weights[offset + columns[at]!]!;
      out[k * rows + row] = sum;
    }
  }
};

/** target[vector, column] += Σ_row factors[vector, row] · value: the transpose of `multiply`. */
export const addTransposed = (
  features: FeatureRows,
  factors: Float64Array,
  vectors: number,
  target: Float64Array,
  {from, to}: RowRange = {from: 0, to: features.rows},
): void => {
  const {rows, width, starts, columns, values} = features;
  if (!columns) return denseAddTransposed(values, width, factors, vectors, target, rows, from, to);
  for (let row = from; row < to; row++) {
    const start = starts[row]!;
    const end = starts[row + 1]!;
    for (let k = 0; k < vectors; k++) {
      const offset = k * width;
      const factor = factors[k * rows + row]!;
      for (let at = start; at < end; at++) target[offset + columns[at]!]! += factor * values[at]!;
    }
  }
};
