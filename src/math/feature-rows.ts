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

/** @param rows vectors of one length, [row, column] */
export const denseRows = (rows: readonly ArrayLike<number>[], width: number): FeatureRows => {
  const values = new Float64Array(rows.length * width);
  rows.forEach((row, at) => values.set(row, at * width));
  return {
    rows: rows.length,
    width,
    starts: Uint32Array.from({length: rows.length + 1}, (_, at) => at * width),
    columns: null,
    values,
  };
};

/** @param rows for each row its non-zero columns with their values */
export const sparseRows = (rows: readonly ReadonlyMap<number, number>[], width: number): FeatureRows => {
  const starts = new Uint32Array(rows.length + 1);
  rows.forEach((row, at) => (starts[at + 1] = starts[at]! + row.size));
  const columns = new Uint32Array(starts.at(-1)!);
  const values = new Float64Array(columns.length);
  rows.forEach((row, at) => {
    let to = starts[at]!;
    for (const [column, value] of row) {
      columns[to] = column;
      values[to++] = value;
    }
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

/** out[row] = values of the row · weights (from `offset`). */
export const multiply = (features: FeatureRows, weights: Float64Array, offset: number, out: Float64Array): void => {
  const {starts, columns, values} = features;
  for (let row = 0; row < features.rows; row++) {
    const [start, end] = [starts[row]!, starts[row + 1]!];
    if (columns) {
      let sum = 0;
      for (let at = start; at < end; at++) sum += values[at]! * weights[offset + columns[at]!]!;
      out[row] = sum;
    } else out[row] = denseProduct(values, start, end, weights, offset);
  }
};

/** Four sums side by side: one would wait for each addition to finish before the next. */
const denseProduct = (
  values: Float64Array,
  start: number,
  end: number,
  weights: Float64Array,
  offset: number,
): number => {
  let [a, b, c, d] = [0, 0, 0, 0];
  const shift = offset - start;
  let at = start;
  for (; at + 3 < end; at += 4) {
    a += values[at]! * weights[at + shift]!;
    b += values[at + 1]! * weights[at + 1 + shift]!;
    c += values[at + 2]! * weights[at + 2 + shift]!;
    d += values[at + 3]! * weights[at + 3 + shift]!;
  }
  for (; at < end; at++) a += values[at]! * weights[at + shift]!;
  return a + b + (c + d);
};

/** target[offset + column] += Σ_row factors[row]·value: the transpose of `multiply`. */
export const addTransposed = (
  features: FeatureRows,
  factors: Float64Array,
  target: Float64Array,
  offset: number,
): void => {
  const {starts, columns, values} = features;
  for (let row = 0; row < features.rows; row++) {
    const [start, end, factor] = [starts[row]!, starts[row + 1]!, factors[row]!];
    if (factor === 0) continue;
    if (columns) for (let at = start; at < end; at++) target[offset + columns[at]!]! += factor * values[at]!;
    else for (let at = start; at < end; at++) target[offset + at - start]! += factor * values[at]!;
  }
};
