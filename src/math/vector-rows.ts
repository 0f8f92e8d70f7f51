/** Vectors end to end: [row, dim]. */
export interface VectorRows {
  readonly dim: number;
  row(index: number): Float32Array;
}

export const rowsOf = (data: Float32Array, dim: number): VectorRows => ({
  dim,
  row: index => data.subarray(index * dim, (index + 1) * dim),
});

/** cos(a, b); 0 where one of them is zero. */
export const cosine = (a: Float32Array, b: Float32Array): number => {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
};
