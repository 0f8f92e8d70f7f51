/** Vocabulary as vocabulary.json has it: the tokens after padding and unknown, in the order of their ids. */
export interface VocabularyJson {
  readonly padding: string;
  readonly unknown: string;
  readonly tokens: readonly string[];
}

export const paddingId = 0;
export const unknownId = 1;
const firstId = 2;

/** Tokens with their numbers: 0 is padding, 1 an unknown token, 2 … the tokens, most frequent first. */
export class Vocabulary {
  readonly tokens: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  constructor(tokens: readonly string[]) {
    this.tokens = tokens;
    this.#ids = new Map(tokens.map((token, at) => [token, at + firstId]));
    if (this.#ids.size !== tokens.length) {
      const twice = tokens.find((token, at) => this.#ids.get(token) !== at + firstId);
      throw new Error(`A vocabulary lists each token once; "${twice}" is there twice.`);
    }
  }

  /** Rows of an embedding table: the tokens, padding and unknown. */
  get size(): number {
    return this.tokens.length + firstId;
  }

  id(token: string): number {
    return this.#ids.get(token) ?? unknownId;
  }

  encode(words: readonly string[]): Int32Array {
    return Int32Array.from(words, word => this.id(word));
  }

  toJSON(): VocabularyJson {
    return {padding: '[PAD]', unknown: '[UNK]', tokens: this.tokens};
  }

  static fromJSON(json: VocabularyJson): Vocabulary {
    return new Vocabulary(json.tokens);
  }
}

/** The most frequent tokens, at most `size` rows with padding and unknown; ties by code unit, so that it never varies. */
export const buildVocabulary = (
  counts: ReadonlyMap<string, number>,
  options: {readonly size: number; readonly minimumCount?: number},
): Vocabulary => {
  const minimum = options.minimumCount ?? 1;
  const kept = [...counts].filter(([, count]) => count >= minimum);
  kept.sort(([a, inA], [b, inB]) => inB - inA || (a < b ? -1 : 1));
  return new Vocabulary(kept.slice(0, Math.max(0, options.size - firstId)).map(([token]) => token));
};

/** How often each token occurs. */
export const countTokens = (texts: Iterable<readonly string[]>): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const tokens of texts) for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  return counts;
};
