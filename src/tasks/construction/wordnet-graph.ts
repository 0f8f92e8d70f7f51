import type {Synset} from '../../io/wordnet.ts';
import {readWordNet} from '../../io/wordnet.ts';

/** Words as a reader counts them. */
export const wordCount = (text: string): number => text.split(' ').length;

/** WordNet in memory, with the questions that tasks ask of it. */
export class WordNetGraph {
  readonly synsets: readonly Synset[];
  readonly #byId: ReadonlyMap<string, Synset>;
  readonly #hypernyms = new Map<Synset, readonly Synset[]>();
  readonly #paths = new Map<Synset, readonly Synset[]>();
  readonly #hyponyms = new Map<Synset, Synset[]>();

  constructor(synsets: Iterable<Synset> = readWordNet()) {
    this.synsets = [...synsets];
    this.#byId = new Map(this.synsets.map(synset => [synset.id, synset]));
    for (const synset of this.synsets) {
      const above = synset.pointers.flatMap(({symbol, target}) =>
        symbol === '@' || symbol === '@i' ? (this.#byId.get(target) ?? []) : [],
      );
      this.#hypernyms.set(synset, above);
      for (const hypernym of above) {
        const below = this.#hyponyms.get(hypernym);
        if (below) below.push(synset);
        else this.#hyponyms.set(hypernym, [synset]);
      }
    }
  }

  /** Synsets whose definition is a text for a task: 4 to 30 words. */
  defined(): Synset[] {
    return this.synsets.filter(({definition}) => {
      const words = wordCount(definition);
      return words >= 4 && words <= 30;
    });
  }

  /** Direct hypernyms, of classes and instances. */
  hypernyms(synset: Synset): readonly Synset[] {
    return this.#hypernyms.get(synset) ?? [];
  }

  hyponyms(synset: Synset): readonly Synset[] {
    return this.#hyponyms.get(synset) ?? [];
  }

  isAncestor(ancestor: Synset, synset: Synset): boolean {
    return this.hypernyms(synset).some(above => above === ancestor || this.isAncestor(ancestor, above));
  }

  /** The synset, its first hypernym, that one's first hypernym … to the root. */
  path(synset: Synset): readonly Synset[] {
    const known = this.#paths.get(synset);
    if (known) return known;
    const above = this.hypernyms(synset)[0];
    const path = above ? [synset, ...this.path(above)] : [synset];
    this.#paths.set(synset, path);
    return path;
  }

  /**
   * Wu and Palmer (1994): 2·depth(c) / (depth(a) + depth(b)), c the lowest common ancestor along first hypernyms, depths
   * counted in synsets from the root; 0 without a common one. In [0, 1].
   */
  wuPalmer(a: Synset, b: Synset): number {
    const pathOfB = new Set(this.path(b));
    const common = this.path(a).find(synset => pathOfB.has(synset));
    return common ? (2 * this.path(common).length) / (this.path(a).length + this.path(b).length) : 0;
  }
}
