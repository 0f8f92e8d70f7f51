/** One word for `/bin/sh`; left alone when no character of it means anything to a shell. */
export const quoteWord = (value: string): string =>
  /^[A-Za-z0-9_/:.,@%+=-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;

/** Where in a shell text a value is put: it stays one word, whatever it holds, in each of these. */
export type QuoteContext = 'plain' | 'single' | 'double';

export const quoteIn = (context: QuoteContext, value: string): string => {
  switch (context) {
    case 'plain':
      return quoteWord(value);
    case 'single':
      return value.replaceAll("'", `'\\''`);
    case 'double':
      return value.replace(/[\\$`"]/g, '\\$&');
  }
};

/**
 * Follows the quoting of a shell text piece by piece. Knows quotes, backslashes, comments and `$(…)` inside double
 * quotes; from a here-document on it gives up and answers 'plain', which quotes fully.
 */
export class QuoteScanner {
  readonly #stack: ('plain' | 'double' | 'single')[] = ['plain'];
  readonly #depths: number[] = [0];
  #comment = false;
  #escaped = false;
  #hereDocument = false;
  #before = '\n';

  get context(): QuoteContext {
    return this.#hereDocument || this.#comment ? 'plain' : this.#stack.at(-1)!;
  }

  /** Reads a piece of the shell text that comes before the next value. */
  read(text: string): void {
    for (let at = 0; at < text.length && !this.#hereDocument; at++) {
      this.#step(text[at]!, text[at + 1] ?? '');
      this.#before = text[at]!;
    }
  }

  /** A value was put here; what follows it is inside a word. */
  skipValue(): void {
    this.#escaped = false;
    this.#before = 'x';
  }

  #step(char: string, next: string): void {
    const inside = this.#stack.at(-1)!;
    if (this.#comment) this.#comment = char !== '\n';
    else if (inside === 'single') {
      if (char === "'") this.#leave();
    } else if (this.#escaped) this.#escaped = false;
    else if (char === '\\') this.#escaped = true;
    else if (char === '"') {
      if (inside === 'double') this.#leave();
      else this.#enter('double');
    } else if (char === '(' && (inside === 'plain' || this.#before === '$')) {
      if (inside === 'plain') this.#depths[this.#depths.length - 1]!++;
      else this.#enter('plain');
    } else if (inside === 'plain') this.#stepPlain(char, next);
  }

  #stepPlain(char: string, next: string): void {
    if (char === "'") this.#enter('single');
    else if (char === '#' && /[\s;&|()]/.test(this.#before)) this.#comment = true;
    else if (char === '<' && next === '<') this.#hereDocument = true;
    else if (char === ')') {
      if (this.#depths.at(-1)! > 0) this.#depths[this.#depths.length - 1]!--;
      else if (this.#stack.length > 1) this.#leave();
    }
  }

  #enter(context: 'plain' | 'double' | 'single'): void {
    this.#stack.push(context);
    this.#depths.push(0);
  }

  #leave(): void {
    this.#stack.pop();
    this.#depths.pop();
  }
}
