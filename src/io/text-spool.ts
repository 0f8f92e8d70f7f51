import {closeSync, openSync, readSync, unlinkSync, writeSync} from 'node:fs';

/**
 * Texts put aside in a file and read back in any order: 12 bytes of memory a text, whatever its length. For shuffling a
 * corpus that need not fit into memory.
 */
export class TextSpool {
  readonly #path: string;
  readonly #fd: number;
  #starts = new Float64Array(1 << 10);
  #count = 0;
  #written = 0;
  #buffer = Buffer.allocUnsafe(1 << 20);
  #buffered = 0;
  #readBuffer = Buffer.allocUnsafe(1 << 12);

  constructor(path: string) {
    this.#path = path;
    this.#fd = openSync(path, 'w+');
  }

  get size(): number {
    return this.#count;
  }

  push(text: string): void {
    const bytes = Buffer.byteLength(text);
    if (this.#buffered + bytes > this.#buffer.length) this.#flush();
    if (bytes > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(bytes);
    if (this.#count + 1 >= this.#starts.length) {
      const larger = new Float64Array(this.#starts.length * 2);
      larger.set(this.#starts);
      this.#starts = larger;
    }
    this.#buffered += this.#buffer.write(text, this.#buffered);
    this.#starts[++this.#count] = this.#written + this.#buffered;
  }

  /** The text number `index`, in the order of `push`. */
  read(index: number): string {
    if (!(index >= 0 && index < this.#count)) throw new Error(`Internal error: text ${index} of ${this.#count}.`);
    this.#flush();
    const start = this.#starts[index]!;
    const length = this.#starts[index + 1]! - start;
    if (length > this.#readBuffer.length) this.#readBuffer = Buffer.allocUnsafe(length * 2);
    for (let done = 0; done < length;) done += readSync(this.#fd, this.#readBuffer, done, length - done, start + done);
    return this.#readBuffer.toString('utf8', 0, length);
  }

  /** Removes the file. */
  close(): void {
    closeSync(this.#fd);
    unlinkSync(this.#path);
  }

  #flush(): void {
    for (let done = 0; done < this.#buffered;) {
      done += writeSync(this.#fd, this.#buffer, done, this.#buffered - done, this.#written + done);
    }
    this.#written += this.#buffered;
    this.#buffered = 0;
  }
}
