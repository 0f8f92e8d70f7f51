import {hash32} from './hash.ts';
import {ShingleLists} from './shingle-lists.ts';

/** How texts are compared: the Jaccard similarity of their sets of `shingle` successive words. */
export interface NearDuplicateOptions {
  /** From here on two texts count as the same, in (0, 1]. */
  readonly threshold: number;
  /** Words in a shingle. One changed word inside a text breaks this many shingles. Default 2. */
  readonly shingle?: number;
}

/**
 * Finds texts of a stream that are nearly the same as an earlier one, exactly rather than by sampling: prefix filtering
 * (Bayardo, Ma, Srikant 2007, "Scaling up all pairs similarity search"). With the shingles of every text sorted by one
 * global order, two texts of similarity ≥ t share a shingle among the first |x| − ⌈t·|x|⌉ + 1 of both; only those are
 * listed, one or two for a sentence. The order puts long, hence rare, shingles first. Kept: 4 bytes a shingle and about
 * 16 a listed one; texts are not.
 */
export class NearDuplicates {
  readonly #threshold: number;
  readonly #shingle: number;
  // Shingles of text i, sorted: #shingles[#starts[i] … #starts[i + 1]).
  #shingles = new Uint32Array(1 << 12);
  #starts = new Uint32Array(1 << 8);
  #count = 0;
  readonly #lists = new ShingleLists();
  // Which search compared itself with text i last: a text met in two lists is compared once.
  #seenBy = new Uint32Array(1 << 8);
  #stamp = 1;

  constructor(options: NearDuplicateOptions) {
    this.#threshold = options.threshold;
    this.#shingle = options.shingle ?? 2;
  }

  get size(): number {
    return this.#count;
  }

  /** The number (0, 1, … in the order of `add`) of an earlier text that is nearly the same as these words, or −1. */
  find(words: readonly string[]): number {
    return this.#search(shinglesOf(words, this.#shingle));
  }

  /** Remembers these words as the text number `size`. */
  add(words: readonly string[]): void {
    this.#keep(shinglesOf(words, this.#shingle));
  }

  /** `find`, and `add` where nothing was found. */
  findOrAdd(words: readonly string[]): number {
    const shingles = shinglesOf(words, this.#shingle);
    const found = this.#search(shingles);
    if (found < 0) this.#keep(shingles);
    return found;
  }

  #prefix(length: number): number {
    return length - Math.ceil(this.#threshold * length - 1e-9) + 1;
  }

  #search(shingles: Uint32Array): number {
    const size = shingles.length;
    const prefix = Math.min(size, this.#prefix(size));
    const stamp = this.#stamp++;
    for (let at = 0; at < prefix; at++) {
      for (let entry = this.#lists.first(shingles[at]!); entry >= 0; entry = this.#lists.next(entry)) {
        const other = this.#lists.text(entry);
        if (this.#seenBy[other] === stamp) continue;
        this.#seenBy[other] = stamp;
        const start = this.#starts[other]!;
        const otherSize = this.#starts[other + 1]! - start;
        if (Math.min(size, otherSize) < this.#threshold * Math.max(size, otherSize) - 1e-9) continue;
        const shared = overlap(shingles, this.#shingles, start, start + otherSize);
        if (shared >= this.#threshold * (size + otherSize - shared) - 1e-9) return other;
      }
    }
    return -1;
  }
  #keep(shingles: Uint32Array): void {
    const start = this.#starts[this.#count]!;
    this.#shingles = roomFor(this.#shingles, start + shingles.length);
    this.#shingles.set(shingles, start);
    const text = this.#count++;
    this.#starts = roomFor(this.#starts, this.#count + 1);
    this.#seenBy = roomFor(this.#seenBy, this.#count);
    this.#starts[this.#count] = start + shingles.length;
    const prefix = Math.min(shingles.length, this.#prefix(shingles.length));
    for (let at = 0; at < prefix; at++) this.#lists.push(shingles[at]!, text);
  }
}

const roomFor = (array: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> => {
  if (length <= array.length) return array;
  const larger = new Uint32Array(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
};

/** Sorted distinct shingles, each a number whose high 5 bits fall with its length and whose low 27 are a hash. */
const shinglesOf = (words: readonly string[], width: number): Uint32Array => {
  const count = Math.max(1, words.length - width + 1);
  const shingles = new Uint32Array(count);
  for (let at = 0; at < count; at++) {
    let shingle = words[at] ?? '';
    for (let next = at + 1; next < Math.min(at + width, words.length); next++) shingle += ` ${words[next]}`;
    shingles[at] = (((31 - Math.min(31, shingle.length)) << 27) | (hash32(shingle) >>> 5)) >>> 0;
  }
  shingles.sort();
  let distinct = 0;
  for (let at = 0; at < count; at++) {
    if (at === 0 || shingles[at] !== shingles[at - 1]) shingles[distinct++] = shingles[at]!;
  }
  return shingles.subarray(0, distinct);
};

/** How many numbers two sorted runs share. */
const overlap = (a: Uint32Array, b: Uint32Array, start: number, end: number): number => {
  let shared = 0;
  for (let i = 0, j = start; i < a.length && j < end;) {
    const difference = a[i]! - b[j]!;
    if (difference === 0) shared++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return shared;
};
