/**
 * Groups texts of similar length into batches that waste little on padding: sorted by length (equal ones in order),
 * each batch as many texts as fit `budget` when padded to its longest, at most `rows`. A text longer than the budget is
 * a batch of its own. The batches hold indices into `lengths`, every index once.
 */
export const lengthBuckets = (
  lengths: ArrayLike<number>,
  {budget, rows}: {readonly budget: number; readonly rows: number},
): Int32Array[] => {
  const length = (index: number): number => Math.max(1, lengths[index] ?? 0);
  const order = Int32Array.from({length: lengths.length}, (_, index) => index).sort(
    (a, b) => length(a) - length(b) || a - b,
  );
  const buckets: Int32Array[] = [];
  let start = 0;
  for (let end = 1; end <= order.length; end++) {
    const size = end - start;
    const next = order[end];
    if (next !== undefined && size < rows && length(next) * (size + 1) <= budget) continue;
    buckets.push(order.subarray(start, end));
    start = end;
  }
  return buckets;
};

/**
 * The same for `parts` threads, without a budget: what one round of batches can hold is shared among all of them, cut so
 * that the dearest batch is as cheap as can be.
 */
export const lengthBucketsFor = (
  lengths: ArrayLike<number>,
  {parts, rows}: {readonly parts: number; readonly rows: number},
): Int32Array[] => {
  const cut = (budget: number): Int32Array[] => lengthBuckets(lengths, {budget, rows});
  if (parts === 1 || lengths.length > parts * rows) return cut(Number.POSITIVE_INFINITY);
  let [least, most] = [1, lengths.length * Math.max(1, ...Array.from(lengths))];
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    if (cut(middle).length <= parts) most = middle;
    else least = middle + 1;
  }
  return cut(most);
};
