import {TextHashSet} from './hash-set.ts';
import {NearDuplicates, type NearDuplicateOptions} from './near-duplicates.ts';
import {comparable} from './normalize.ts';
import {splitSentences} from './sentences.ts';
import {isWord, type Language, type Segmenter} from './words.ts';

/** Why a sentence is not in the corpus, in the order in which the questions are asked. */
export type DropReason =
  'empty' | 'too-short' | 'too-long' | 'evaluation' | 'duplicate' | 'near-evaluation' | 'near-duplicate';

export interface CleanerOptions {
  readonly language: Language;
  readonly segment: Segmenter;
  readonly minWords: number;
  readonly maxWords: number;
  /** null: only equal texts are duplicates. */
  readonly nearDuplicates: NearDuplicateOptions | null;
}

export type Verdict =
  | {readonly keep: true}
  /** `like`: the kept sentence (0 = the first kept one) that a near duplicate is like. */
  | {readonly keep: false; readonly reason: DropReason; readonly like?: number};

/**
 * Decides sentence by sentence what stays in a corpus, remembering numbers of what it has seen, no texts. Evaluation
 * texts go in first; what equals or nearly equals one of them is dropped, so that no model is ever trained on them.
 */
export class CorpusCleaner {
  readonly #options: CleanerOptions;
  readonly #evaluation = new TextHashSet();
  readonly #seen = new TextHashSet();
  readonly #near: NearDuplicates | null;
  #nearEvaluations = 0;

  constructor(options: CleanerOptions) {
    this.#options = options;
    this.#near = options.nearDuplicates && new NearDuplicates(options.nearDuplicates);
  }

  /** Different texts and sentences of evaluation data. */
  get evaluationTexts(): number {
    return this.#evaluation.size;
  }

  /** A normalised text of evaluation data; if it has several sentences, each of them as well. */
  addEvaluation(text: string): void {
    const sentences = splitSentences(text, this.#options.language).map(sentence => sentence.trim());
    for (const part of new Set([text, ...sentences])) {
      const words = this.#wordsOf(part);
      // "Yes." as a part of an evaluated text is no reason to drop every "Yes.".
      if (part !== text && words.length < this.#options.minWords) continue;
      if (!this.#evaluation.add(comparable(part)) || this.#near === null) continue;
      this.#near.add(words);
      this.#nearEvaluations++;
    }
  }

  /** `text` is a normalised sentence; a kept one is remembered. */
  judge(text: string): Verdict {
    if (text === '') return {keep: false, reason: 'empty'};
    const words = this.#wordsOf(text);
    if (words.length < this.#options.minWords) return {keep: false, reason: 'too-short'};
    if (words.length > this.#options.maxWords) return {keep: false, reason: 'too-long'};
    const key = comparable(text);
    if (this.#evaluation.has(key)) return {keep: false, reason: 'evaluation'};
    if (!this.#seen.add(key)) return {keep: false, reason: 'duplicate'};
    const like = this.#near?.findOrAdd(words) ?? -1;
    if (like < 0) return {keep: true};
    if (like < this.#nearEvaluations) return {keep: false, reason: 'near-evaluation'};
    return {keep: false, reason: 'near-duplicate', like: like - this.#nearEvaluations};
  }

  #wordsOf(text: string): string[] {
    return this.#options.segment(text).filter(isWord);
  }
}
