import {hash64} from './hash.ts';

/**
 * A set of texts that keeps 64 bits of each instead of the text: 16 to 32 bytes an entry, however long the texts are.
 * Among ten million texts the chance of one false "already there" is 3 in a million.
 */
export class TextHashSet {
  // Open addressing; slot i is the pair [2i, 2i + 1], (0, 0) = empty.
  #slots = new Uint32Array(2 * 1024);
  #size = 0;
  readonly #hash = new Uint32Array(2);

  get size(): number {
    return this.#size;
  }

  has(text: string): boolean {
    return this.#slots[this.#find(text) + 1] !== 0;
  }

  /** Returns whether the text is new. */
  add(text: string): boolean {
    const slot = this.#find(text);
    if (this.#slots[slot + 1] !== 0) return false;
    this.#slots.set(this.#hash, slot);
    this.#size++;
    if (this.#size * 4 > this.#slots.length) this.#grow();
    return true;
  }

  /** Leaves the text's hash in `#hash` and returns the slot that has it, or the empty one where it belongs. */
  #find(text: string): number {
    hash64(text, this.#hash);
    // The second half marks a used slot, so it is never 0.
    this.#hash[1] ||= 1;
    return probe(this.#slots, this.#hash[0]!, this.#hash[1]);
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += 2) {
      const pair = this.#slots.subarray(at, at + 2);
      if (pair[1] !== 0) larger.set(pair, probe(larger, pair[0]!, pair[1]!));
    }
    this.#slots = larger;
  }
}

const probe = (slots: Uint32Array, low: number, high: number): number => {
  const mask = slots.length - 1;
  let slot = (low * 2) & mask;
  while (slots[slot + 1] !== 0 && (slots[slot] !== low || slots[slot + 1] !== high)) slot = (slot + 2) & mask;
  return slot;
};
