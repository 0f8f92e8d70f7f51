// Lists longer than this grow no further: shingles shared by thousands of texts (boilerplate) would make the search
// quadratic, and texts that are nearly the same nearly always share a rarer one too.
const longestList = 4096;

/** For each shingle the numbers of the texts that list it: linked lists in typed arrays, newest first. */
export class ShingleLists {
  // Open addressing: slot → entry that is the head of a list, plus 1.
  #heads = new Uint32Array(1 << 12);
  #lists = 0;
  #shingle = new Uint32Array(1 << 11);
  #text = new Uint32Array(1 << 11);
  /** Next entry plus 1. */
  #next = new Uint32Array(1 << 11);
  /** Length of the list that starts at this entry. */
  #length = new Uint16Array(1 << 11);
  #entries = 0;

  /** The first entry of a shingle's list, or −1. */
  first(shingle: number): number {
    return this.#heads[this.#slot(shingle)]! - 1;
  }

  next(entry: number): number {
    return this.#next[entry]! - 1;
  }

  text(entry: number): number {
    return this.#text[entry]!;
  }

  push(shingle: number, text: number): void {
    const slot = this.#slot(shingle);
    const head = this.#heads[slot]!;
    const length = head === 0 ? 0 : this.#length[head - 1]!;
    if (length >= longestList) return;
    if (this.#entries === this.#text.length) this.#growEntries();
    const entry = this.#entries++;
    this.#shingle[entry] = shingle;
    this.#text[entry] = text;
    this.#next[entry] = head;
    this.#length[entry] = length + 1;
    this.#heads[slot] = entry + 1;
    if (head === 0 && ++this.#lists * 2 > this.#heads.length) this.#growHeads();
  }

  #slot(shingle: number): number {
    const mask = this.#heads.length - 1;
    // The high bits of a shingle are its length, so they are mixed in.
    let slot = (Math.imul(shingle, 0x9e3779b1) >>> 7) & mask;
    for (;;) {
      const head = this.#heads[slot]!;
      if (head === 0 || this.#shingle[head - 1] === shingle) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #growHeads(): void {
    const heads = this.#heads;
    this.#heads = new Uint32Array(heads.length * 2);
    for (const head of heads) if (head !== 0) this.#heads[this.#slot(this.#shingle[head - 1]!)] = head;
  }

  #growEntries(): void {
    const length = this.#entries * 2;
    const enlarge = <A extends Uint32Array | Uint16Array>(larger: A, array: A): A => {
      larger.set(array);
      return larger;
    };
    this.#shingle = enlarge(new Uint32Array(length), this.#shingle);
    this.#text = enlarge(new Uint32Array(length), this.#text);
    this.#next = enlarge(new Uint32Array(length), this.#next);
    this.#length = enlarge(new Uint16Array(length), this.#length);
  }
}
