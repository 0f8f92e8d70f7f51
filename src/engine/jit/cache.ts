import type {Compiled} from './compiled.ts';

/** Compiled functions by shape, the least recently used freed first: sessions hold the memory of their activations. */
export class CompiledCache {
  readonly #limit: number;
  readonly #entries = new Map<string, Compiled>();

  constructor(limit = 40) {
    this.#limit = limit;
  }

  async get(key: string, make: () => Promise<Compiled>): Promise<Compiled> {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const made = await make();
    this.#entries.set(key, made);
    if (this.#entries.size > this.#limit) {
      const [oldest, evicted] = this.#entries.entries().next().value!;
      this.#entries.delete(oldest);
      await evicted.session.close();
    }
    return made;
  }

  async close(): Promise<void> {
    const all = [...this.#entries.values()];
    this.#entries.clear();
    for (const {session} of all) await session.close();
  }
}
