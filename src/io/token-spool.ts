import {closeSync, openSync, readSync, unlinkSync, writeSync} from 'node:fs';

/** Token ids and a weight for each. */
export interface SpooledTokens {
  readonly ids: Int32Array;
  readonly weights: Float32Array;
}

const bufferBytes = 1 << 20;

/**
 * Sentences as tokens, put aside in a file and read back in any order: 10 bytes of memory a sentence, whatever its length.
 * In the file ids come before weights, sentence after sentence.
 */
export class TokenSpool {
  readonly #path: string;
  readonly #fd: number;
  /** First token of each sentence, and the end. */
  #starts = new Float64Array(1 << 10);
  #count = 0;
  #written = 0;
  #buffer = Buffer.allocUnsafe(bufferBytes);
  #buffered = 0;

  constructor(path: string) {
    this.#path = path;
    this.#fd = openSync(path, 'w+');
  }

  get length(): number {
    return this.#count;
  }

  push({ids, weights}: SpooledTokens): void {
    const bytes = 8 * ids.length;
    if (this.#buffered + bytes > this.#buffer.length) this.#flush();
    if (bytes > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(bytes);
    for (const values of [ids, weights]) {
      const view = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      this.#buffer.set(view, this.#buffered);
      this.#buffered += view.length;
    }
    if (this.#count + 1 >= this.#starts.length) {
      const larger = new Float64Array(this.#starts.length * 2);
      larger.set(this.#starts);
      this.#starts = larger;
    }
    this.#starts[this.#count + 1] = this.#starts[this.#count]! + ids.length;
    this.#count++;
  }

  /** Tokens of sentence number `index`. */
  lengthOf(index: number): number {
    return this.#starts[index + 1]! - this.#starts[index]!;
  }

  /** Sentence number `index`, in the order of `push`; the arrays are the caller's. */
  at(index: number): SpooledTokens {
    if (!(index >= 0 && index < this.#count)) throw new Error(`Internal error: sentence ${index} of ${this.#count}.`);
    this.#flush();
    const length = this.lengthOf(index);
    const bytes = new Uint8Array(8 * length);
    const start = 8 * this.#starts[index]!;
    for (let done = 0; done < bytes.length;) done += readSync(this.#fd, bytes, done, bytes.length - done, start + done);
    return {ids: new Int32Array(bytes.buffer, 0, length), weights: new Float32Array(bytes.buffer, 4 * length, length)};
  }

  /** Removes the file. */
  close(): void {
    closeSync(this.#fd);
    unlinkSync(this.#path);
  }

  #flush(): void {
    for (let done = 0; done < this.#buffered;)
      done += writeSync(this.#fd, this.#buffer, done, this.#buffered - done, this.#written + done);
    this.#written += this.#buffered;
    this.#buffered = 0;
  }
}
