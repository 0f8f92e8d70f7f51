import {readArrow} from '../io/arrow.ts';
import type {KnownVectors} from '../io/known-vectors.ts';
import {readTaskTexts} from '../io/task-texts.ts';

/** Texts in the order in which they are embedded. */
export interface Texts {
  readonly rows: number;
  /** Whether the texts are written beside the vectors. */
  readonly hasText: boolean;
  /** Vectors that need not be computed; their texts are not among these. */
  readonly known: KnownVectors | null;
  /** Texts from `start` to `end`; calls go forwards. */
  texts(start: number, end: number): readonly string[];
}

export interface TextsOptions {
  /** sentences.arrow, or task files, each different text of which is embedded. */
  readonly texts: {readonly sentences: string} | {readonly tasks: readonly string[]};
  /** Of a corpus only the first so many. */
  readonly limit?: number | undefined;
}

/** Opens a corpus, of which one chunk is in memory, or the texts of tasks without those whose vectors are `known`. */
export const openTexts = (
  {texts, limit = Number.POSITIVE_INFINITY}: TextsOptions,
  findKnown: (wanted: readonly string[]) => KnownVectors | null,
): Texts => {
  if ('tasks' in texts) {
    const all = readTaskTexts(texts.tasks);
    const known = findKnown(all);
    const isKnown = new Set(known?.texts);
    const unknown = all.filter(text => !isKnown.has(text));
    return {rows: unknown.length, hasText: true, known, texts: (start, end) => unknown.slice(start, end)};
  }
  const table = readArrow(texts.sentences);
  const batches = table.batches();
  // Rows `first` to `next` of the file, those that were not passed yet.
  let kept: readonly string[] = [];
  let [first, next] = [0, 0];
  return {
    rows: Math.min(limit, table.rows),
    hasText: false,
    known: null,
    texts: (start, end) => {
      const passed = Math.max(0, Math.min(start, next) - first);
      kept = kept.slice(passed);
      first += passed;
      while (next < end) {
        const step = batches.next();
        if (step.done === true) break;
        const batch = step.value;
        next = batch.start + batch.rows;
        if (kept.length === 0) first = batch.start;
        // A chunk that an earlier attempt finished is passed without a look at its texts.
        if (next > start) kept = kept.concat(batch.strings('text'));
      }
      return kept.slice(start - first, end - first);
    },
  };
};
