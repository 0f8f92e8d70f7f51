import type {FeatureRows, SparseFeatureRows} from './feature-rows.ts';

/** Sparse rows with fewer columns, and the way of weights there and back. */
export interface MergedColumns {
  readonly features: FeatureRows;
  /** Weights [vector, column] of the columns that are left → of all columns. */
  readonly expand: (weights: Float64Array, vectors: number) => Float64Array;
  /** The other way; exact for weights that `expand` has made. */
  readonly contract: (weights: Float64Array, vectors: number) => Float64Array;
}

/**
 * Makes one column of all columns that only one and the same row has: a row's values v in them become |v|, and the
 * weight ω of the new column stands for the weights ω·v/|v|. A model whose penalty is |w|² loses nothing: of weights with
 * the same product with v these are the shortest. Columns without a value go, since the penalty keeps their weights 0.
 * Of word features most columns are words of one text, so that an optimiser has several times fewer weights to move.
 */
export const mergeLoneColumns = (from: SparseFeatureRows): MergedColumns => {
  const {rows, width, starts, columns, values} = from;
  const counts = new Uint32Array(width);
  for (let at = 0; at < columns.length; at++) counts[columns[at]!]!++;
  // Column → its new column, and the share of its value in that one's; −1 without a value.
  const moved = new Int32Array(width).fill(-1);
  const shares = new Float64Array(width).fill(1);
  let size = 0;
  for (let column = 0; column < width; column++) if (counts[column]! > 1) moved[column] = size++;

  const kept = new Uint32Array(columns.length);
  const keptValues = new Float64Array(columns.length);
  const keptStarts = new Uint32Array(rows + 1);
  let to = 0;
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const column = columns[at]!;
      if (counts[column] === 1) {
        square += values[at]! * values[at]!;
        continue;
      }
      kept[to] = moved[column]!;
      keptValues[to++] = values[at]!;
    }
    if (square > 0) {
      const length = Math.sqrt(square);
      for (let at = starts[row]!; at < starts[row + 1]!; at++) {
        const column = columns[at]!;
        if (counts[column] !== 1) continue;
        moved[column] = size;
        shares[column] = values[at]! / length;
      }
      kept[to] = size++;
      keptValues[to++] = length;
    }
    keptStarts[row + 1] = to;
  }

  return {
    features: {
      rows,
      width: size,
      starts: keptStarts,
      columns: kept.subarray(0, to),
      values: keptValues.subarray(0, to),
    },
    expand: (weights, vectors) => {
      const all = new Float64Array(vectors * width);
      for (let k = 0; k < vectors; k++) {
        for (let column = 0; column < width; column++) {
          if (moved[column]! >= 0) all[k * width + column] = shares[column]! * weights[k * size + moved[column]!]!;
        }
      }
      return all;
    },
    contract: (weights, vectors) => {
      const few = new Float64Array(vectors * size);
      for (let k = 0; k < vectors; k++) {
        for (let column = 0; column < width; column++) {
          if (moved[column]! >= 0) few[k * size + moved[column]!]! += shares[column]! * weights[k * width + column]!;
        }
      }
      return few;
    },
  };
};
