import {type Entry, valuesOf} from './entry.ts';
import type {Value} from './graph.ts';

interface Held {
  readonly entry: Entry;
  references: number;
}

/** What stands behind tfjs's data ids, counted: tensors that share data are one entry with several references. */
export class HeldTensors {
  #values = new Map<object, Held>();
  /** Tensors that are older than the trace that runs: it may let go of them, but not use them. */
  #outside: Map<object, Held> | null = null;

  /** Runs `work` with no tensor known; what it made is forgotten when it returns. */
  apart<T>(work: () => T): T {
    const outside = (this.#outside = this.#values);
    this.#values = new Map();
    try {
      return work();
    } finally {
      this.#outside = null;
      this.#values = outside;
    }
  }

  put(entry: Entry, dataId: object = {}, references = 1): object {
    this.#values.set(dataId, {entry, references});
    return dataId;
  }

  entry(dataId: object): Entry | undefined {
    return this.#values.get(dataId)?.entry;
  }

  /** Whether a tensor holds a value; looked up in a set, because the reader asks for many. */
  holds(): (value: Value) => boolean {
    const held = new Set([...this.#values.values()].flatMap(({entry}) => valuesOf(entry)));
    return value => held.has(value);
  }

  get size(): number {
    return this.#values.size;
  }

  references(dataId: object): number {
    return this.#any(dataId)?.references ?? 0;
  }

  share(dataId: object): void {
    const held = this.#any(dataId);
    if (held) held.references++;
  }

  /** Whether the data is gone: true once nobody refers to it, or by force. */
  release(dataId: object, force: boolean): boolean {
    const held = this.#any(dataId);
    if (!held) return true;
    held.references--;
    if (!force && held.references > 0) return false;
    this.#values.delete(dataId);
    this.#outside?.delete(dataId);
    return true;
  }

  clear(): void {
    this.#values = new Map();
  }

  #any(dataId: object): Held | undefined {
    return this.#values.get(dataId) ?? this.#outside?.get(dataId);
  }
}
