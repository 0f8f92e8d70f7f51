import type {Random} from './random.ts';

/** The largest table that sixteen random bits reach with few rejections. */
export const largestTable = 2 ** 15;

/**
 * Adds to `sums[r]` so many entries of `table`, drawn uniformly with replacement, as `counts[r]` says (or `counts`, if it
 * is one number): the innermost loop of the bootstraps of means. A word of the stream gives two positions by Lemire's
 * method, 16 bits each; a word with a half that would favour some positions is dropped whole.
 *
 * @param table at most 2¹⁵ entries
 */
export const addLookups = (
  sums: Float64Array,
  table: Float64Array,
  counts: number | Uint16Array,
  random: Random,
): void => {
  const below = table.length;
  if (below === 0 || below > largestTable) throw new Error(`Internal error: a table of ${below} entries`);
  if (typeof counts !== 'number' && below > 1 && (below & (below - 1)) === 0)
    return addFromPowerOfTwo(sums, table, counts, random);
  const biased = 2 ** 16 % below;
  const [same, each] = typeof counts === 'number' ? [counts, null] : [0, counts];
  const state = random.state();
  // xoshiro128** on local words: V8 keeps these in registers, but not variables shared by closures. A test holds this loop
  // to the stream of `random`.
  let [a, b, c, d] = state.words.map(word => word | 0) as [number, number, number, number];
  for (let r = 0; r < sums.length; r++) {
    // Two sums, so that an addition need not wait for the one before.
    let even = 0;
    let odd = 0;
    for (let left = each === null ? same : each[r]!; left > 0;) {
      const product = Math.imul(b, 5);
      const word = Math.imul((product << 7) | (product >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      const first = Math.imul(word & 0xffff, below);
      const second = Math.imul(word >>> 16, below);
      // One test for both halves: a difference below 0 has the sign bit.
      if ((((first & 0xffff) - biased) | ((second & 0xffff) - biased)) < 0) continue;
      even += table[first >>> 16]!;
      if (left > 1) odd += table[second >>> 16]!;
      left -= 2;
    }
    sums[r]! += even + odd;
  }
  random.restore({...state, words: [a >>> 0, b >>> 0, c >>> 0, d >>> 0]});
};

/**
 * The same for a table of 2ᵏ entries, k ≤ 16: positions are the highest and the lowest k bits of a word, with nothing to
 * multiply and none to reject. Two words, so four additions that need not wait for each other, are made at a time.
 */
const addFromPowerOfTwo = (sums: Float64Array, table: Float64Array, counts: Uint16Array, random: Random): void => {
  const mask = table.length - 1;
  const shift = 32 - Math.log2(table.length);
  const state = random.state();
  let [a, b, c, d] = state.words.map(word => word | 0) as [number, number, number, number];
  for (let r = 0; r < sums.length; r++) {
    let even = 0;
    let odd = 0;
    const count = counts[r]!;
    for (let left = count >> 1; left > 0; left--) {
      const product = Math.imul(b, 5);
      const word = Math.imul((product << 7) | (product >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      even += table[word & mask]!;
      odd += table[word >>> shift]!;
    }
    if ((count & 1) === 1) {
      const product = Math.imul(b, 5);
      const word = Math.imul((product << 7) | (product >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      even += table[word >>> shift]!;
    }
    sums[r]! += even + odd;
  }
  random.restore({...state, words: [a >>> 0, b >>> 0, c >>> 0, d >>> 0]});
};

/** The sums of all ordered tuples of `length` values, of which a draw with replacement makes every one equally likely. */
export const tupleSums = (values: Float64Array, length: number): Float64Array => {
  let sums = values;
  for (let size = 1; size < length; size++) {
    const longer = new Float64Array(sums.length * values.length);
    for (let at = 0, to = 0; at < sums.length; at++) {
      for (let next = 0; next < values.length; next++) longer[to++] = sums[at]! + values[next]!;
    }
    sums = longer;
  }
  return sums;
};
