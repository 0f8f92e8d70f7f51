export interface ArrowVectors {
  readonly rows: number;
  readonly dim: number;
  row(index: number): Float32Array;
  /** The vectors of each record batch end to end, in order: [row, dim]. */
  readonly parts: readonly Float32Array[];
}

/** The vectors of several record batches as one list. */
export const vectorsOf = (dim: number, parts: readonly Float32Array[]): ArrowVectors => {
  // ends[i] = rows in parts 0..i, for a binary search of the part that holds a row.
  const ends = new Uint32Array(parts.length);
  let rows = 0;
  for (const [index, part] of parts.entries()) ends[index] = rows += dim === 0 ? 0 : part.length / dim;
  const row = (index: number): Float32Array => {
    if (!(index >= 0 && index < rows)) throw new Error(`Internal error: row ${index} of ${rows} vectors.`);
    let low = 0;
    for (let high = ends.length - 1; low < high;) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) > index) high = middle;
      else low = middle + 1;
    }
    const part = parts[low] ?? new Float32Array();
    const first = (index - ((ends[low] ?? 0) - part.length / dim)) * dim;
    return part.subarray(first, first + dim);
  };
  return {rows, dim, row, parts};
};
