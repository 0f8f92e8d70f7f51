export interface DroppedExample {
  readonly text: string;
  readonly source: string;
  /** The kept text that it is like. */
  readonly like?: string;
}

export interface DroppedReason {
  readonly count: number;
  readonly bySource: Readonly<Record<string, number>>;
  readonly examples: readonly DroppedExample[];
}

/** What was read, kept and dropped, with a few examples of each reason: the first, the 10th, the 100th … dropped. */
export class DropTally {
  readonly #read = new Map<string, number>();
  readonly #kept = new Map<string, number>();
  readonly #reasons = new Map<string, {bySource: Map<string, number>; count: number; examples: DroppedExample[]}>();

  read(source: string): void {
    increment(this.#read, source);
  }

  keep(source: string): void {
    increment(this.#kept, source);
  }

  /** `like` is only called for the few examples that are shown. */
  drop(reason: string, source: string, text: string, like?: () => string): void {
    const entry = this.#reasons.get(reason) ?? {bySource: new Map<string, number>(), count: 0, examples: []};
    this.#reasons.set(reason, entry);
    entry.count++;
    increment(entry.bySource, source);
    if (!/^10*$/.test(String(entry.count)) || entry.examples.length >= 4) return;
    entry.examples.push({text: clip(text), source, ...(like ? {like: clip(like())} : {})});
  }

  get keptCount(): number {
    return [...this.#kept.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Plain data; reasons in the order of `order`, all of them, also those that never applied. */
  toJSON(order: readonly string[]) {
    const dropped: Record<string, DroppedReason> = {};
    for (const reason of order) {
      const entry = this.#reasons.get(reason);
      dropped[reason] = entry
        ? {count: entry.count, bySource: Object.fromEntries(entry.bySource), examples: entry.examples}
        : {count: 0, bySource: {}, examples: []};
    }
    return {read: Object.fromEntries(this.#read), kept: Object.fromEntries(this.#kept), dropped};
  }
}

const increment = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

const longest = 120;
/** By characters, so that no emoji is cut in two. */
const clip = (text: string): string => {
  const characters = [...text.slice(0, 2 * longest)];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text;
};
