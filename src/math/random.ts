import {createHash} from 'node:crypto';

/** A seeded stream of random numbers: the same seed gives the same numbers on every machine and Node version. */
export interface Random {
  /** In [0, 1), 53 bits. */
  readonly uniform: () => number;
  /** Uniform in 0 … below − 1, without modulo bias; `below` is 1 … 2³². */
  readonly integer: (below: number) => number;
  /** Fills `out` with whole numbers of 0 … below − 1: the fast way to draw a bootstrap sample. `below` ≤ 2³². */
  readonly integers: (out: Int32Array | Uint32Array, below: number) => void;
  /** Standard normal. */
  readonly normal: () => number;
  readonly uint32: () => number;
  /** In place (Fisher-Yates); returns its argument. */
  readonly shuffle: <A extends unknown[] | Int32Array | Uint32Array | Float32Array | Float64Array>(array: A) => A;
  /**
   * An independent stream named after this one. It depends on the seed and the names only, not on how many numbers
   * were drawn, so adding a draw in one place never moves another place's numbers.
   */
  readonly fork: (name: string) => Random;
  /** Plain data, JSON-safe. */
  readonly state: () => RandomState;
  readonly restore: (state: RandomState) => void;
}

export interface RandomState {
  /** The seed and the names of the forks: what later forks depend on. */
  readonly key: string;
  readonly words: readonly number[];
  /** The second number of a normal pair, when it has not been used yet. */
  readonly spare: number | null;
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna, https://prng.di.unimi.it/xoshiro128starstar.c): period 2¹²⁸ − 1, only 32-bit
 * integer operations. The 128 bits of state are the head of SHA-256 of the seed, so that similar seeds and the names
 * of forks give unrelated streams. A number and its decimal string are different seeds.
 */
export const createRandom = (seed: number | string): Random => {
  if (typeof seed === 'number' && !Number.isFinite(seed)) throw new RangeError(`A seed must be finite, found ${seed}.`);
  return fromKey(typeof seed === 'number' ? `n${seed}` : `s${seed}`);
};

/** The four words are given, not hashed: for known-answer tests of the generator itself. */
export const fromWords = (words: readonly number[], key = ''): Random => fromState({key, words, spare: null});

const fromKey = (key: string): Random => {
  const digest = createHash('sha256').update(key, 'utf8').digest();
  return fromWords(
    [0, 4, 8, 12].map(at => digest.readUInt32LE(at)),
    key,
  );
};

const fromState = (initial: RandomState): Random => {
  let key = '';
  let [a, b, c, d] = [0, 0, 0, 0];
  let spare: number | null = null;

  const uint32 = (): number => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };

  // Two statements, not one expression: the order of the two draws is part of the stream.
  const uniform = (): number => {
    const high = uint32() >>> 5;
    const low = uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  };

  // Lemire's method (https://arxiv.org/abs/1805.10941): the high part of word × below is the answer, the low part says
  // whether the word belongs to the few that would favour some answers. Products stay exact below 2⁵³.
  const integer = (below: number): number => {
    checkBelow(below);
    if (below > 2 ** 21) return largeInteger(below);
    for (;;) {
      const product = uint32() * below;
      const value = Math.floor(product / 2 ** 32);
      const low = product - value * 2 ** 32;
      if (low >= below || low >= 2 ** 32 % below) return value;
    }
  };

  // Words at or above the largest multiple of `below` would favour small remainders.
  const largeInteger = (below: number): number => {
    const limit = 2 ** 32 - (2 ** 32 % below);
    let word = uint32();
    while (word >= limit) word = uint32();
    return word % below;
  };

  // Two answers a word where 16 bits are enough: resampling is most of a bootstrap's time.
  const integers = (out: Int32Array | Uint32Array, below: number): void => {
    checkBelow(below);
    if (below > 2 ** 15) {
      for (let at = 0; at < out.length; at++) out[at] = integer(below);
      return;
    }
    const biased = 2 ** 16 % below;
    // The step of uint32 again, on local words: V8 keeps these in registers, but not variables shared by closures.
    let [e, f, g, h] = [a, b, c, d];
    for (let at = 0; at < out.length;) {
      const product = Math.imul(f, 5);
      const word = Math.imul((product << 7) | (product >>> 25), 9);
      const shifted = f << 9;
      g ^= e;
      h ^= f;
      f ^= g;
      e ^= h;
      g ^= shifted;
      h = (h << 11) | (h >>> 21);
      const first = Math.imul(word & 0xffff, below);
      const second = Math.imul(word >>> 16, below);
      if ((first & 0xffff) >= biased) out[at++] = first >>> 16;
      // Past the end of a typed array a write is dropped.
      if ((second & 0xffff) >= biased) out[at++] = second >>> 16;
    }
    [a, b, c, d] = [e, f, g, h];
  };

  const normal = (): number => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    // Marsaglia's polar method: a point in the unit disc gives two independent normals.
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * logarithm(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };

  const restore = (state: RandomState): void => {
    key = state.key;
    // `| 0` keeps the words in V8's fast integer representation.
    [a, b, c, d] = [0, 1, 2, 3].map(at => (state.words[at] ?? 0) | 0) as [number, number, number, number];
    // The all-zero state is xoshiro's one fixed point; SHA-256 will not give it, a caller of fromWords might.
    if ((a | b | c | d) === 0) throw new RangeError('The state of a random stream cannot be all zeros.');
    spare = state.spare;
  };

  restore(initial);
  return {
    uniform,
    integer,
    integers,
    normal,
    uint32,
    shuffle: array => {
      for (let end = array.length; end > 1; end--) {
        const pick = integer(end);
        const moved = array[end - 1];
        array[end - 1] = array[pick];
        array[pick] = moved;
      }
      return array;
    },
    fork: name => fromKey(`${key}\u0000${name}`),
    state: () => ({key, words: [a >>> 0, b >>> 0, c >>> 0, d >>> 0], spare}),
    restore,
  };
};

const checkBelow = (below: number): void => {
  if (Number.isInteger(below) && below >= 1 && below <= 2 ** 32) return;
  throw new RangeError(`integer(below): below must be a whole number from 1 to 2^32, found ${below}.`);
};

/**
 * Natural logarithm on (0, 1) from additions, multiplications and divisions only: Math.log may differ in the last bit
 * between engines. ln m = 2 artanh((m − 1)/(m + 1)) for m in [√½, √2), where eleven terms reach double precision.
 */
const logarithm = (x: number): number => {
  let exponent = 0;
  let mantissa = x;
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    exponent--;
  }
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let odd = 23; odd >= 1; odd -= 2) sum = sum * square + 1 / odd;
  return exponent * Math.LN2 + 2 * ratio * sum;
};
