import {statSync} from 'node:fs';
import path from 'node:path';
import {readArrow} from '../io/arrow.ts';
import {readBrown} from '../io/brown.ts';
import {readRawDocuments} from '../io/raw-documents.ts';
import {readTaskTexts} from '../io/task-texts.ts';
import {readTsv} from '../io/tsv.ts';
import {readWordNet} from '../io/wordnet.ts';
import {splitSentences} from '../text/sentences.ts';
import type {Language} from '../text/words.ts';

export interface CorpusText {
  /** null: too long to be read. */
  readonly text: string | null;
  /** `brown`, `wordnet definitions`, `wordnet examples`, or a file's name. */
  readonly source: string;
  /** False where bytes that are no UTF-8 were replaced. */
  readonly isValid: boolean;
}

export interface CorpusSources {
  /** Packages: `wordnet`, `brown`. */
  readonly packages: readonly string[];
  /** UTF-8 text, a document a line. */
  readonly files: readonly string[];
  /** UTF-8 text, a sentence a line, its source and a tab before it. */
  readonly tagged: readonly string[];
  /** Rows of tasks (train.tsv): their texts, without their labels. */
  readonly tasks: readonly string[];
  readonly language: Language;
}

/** All texts in a fixed order, as they are. WordNet's and Brown's are sentences, or shorter, already. */
export async function* corpusTexts({
  packages,
  files,
  tagged,
  tasks,
  language,
}: CorpusSources): AsyncGenerator<CorpusText> {
  if (packages.includes('wordnet')) {
    for (const {definition, examples} of readWordNet()) {
      yield {text: definition, source: 'wordnet definitions', isValid: true};
      for (const text of examples) yield {text, source: 'wordnet examples', isValid: true};
    }
  }
  if (packages.includes('brown')) {
    for (const {text} of readBrown()) yield {text, source: 'brown', isValid: true};
  }
  for (const file of files) {
    const source = path.basename(file);
    for await (const {text, isValid} of readRawDocuments(file)) {
      // An empty line is counted as well: everything that was read is accounted for.
      const parts = text ? splitSentences(text, language) : [text];
      for (const part of parts) yield {text: part === null ? null : part.trim(), source, isValid};
    }
  }
  for (const file of tagged) {
    const name = path.basename(file);
    for await (const {text, isValid} of readRawDocuments(file)) {
      const tab = text?.indexOf('\t') ?? -1;
      // A line without a source is the file's own.
      if (text === null || tab < 0) yield {text, source: name, isValid};
      else yield {text: text.slice(tab + 1).trim(), source: text.slice(0, tab), isValid};
    }
  }
  for (const text of readTaskTexts(tasks)) yield {text, source: 'tasks', isValid: true};
}

/** How many there may be, for a progress bar: what the packages hold, and sentences of 80 bytes in files. */
export const expectedTexts = ({packages, files, tagged, tasks}: CorpusSources): number =>
  (packages.includes('wordnet') ? 117_791 + 48_557 : 0) +
  (packages.includes('brown') ? 57_340 : 0) +
  [...files, ...tagged, ...tasks].reduce(
    (sum, file) => sum + Math.ceil((statSync(file, {throwIfNoEntry: false})?.size ?? 0) / 80),
    0,
  );

/** The texts of a task's dev.tsv or test.tsv: columns sentence1 and, in pairs, sentence2. */
export function* evaluationTexts(file: string): Generator<string> {
  let columns: number[] | null = null;
  for (const {line, cells} of readTsv(file)) {
    if (columns === null) {
      columns = ['sentence1', 'sentence2'].map(name => cells.indexOf(name)).filter(at => at >= 0);
      if (columns.length > 0) continue;
      throw new Error(`${file}:${line}: expected a column "sentence1", found ${cells.join(', ')}.`);
    }
    for (const at of columns) yield cells[at] ?? '';
  }
}

/** The last `count` of the first `limit` sentences of sentences.arrow: what students of that corpus are measured on. */
export function* heldOutTexts(
  file: string,
  {count, limit = Number.POSITIVE_INFINITY}: {readonly count: number; readonly limit?: number | undefined},
): Generator<string> {
  const table = readArrow(file);
  const end = Math.min(table.rows, limit);
  for (const batch of table.batches()) {
    if (batch.start >= end || batch.start + batch.rows <= end - count) continue;
    for (const [row, text] of batch.strings('text').entries()) {
      const at = batch.start + row;
      if (at >= end - count && at < end) yield text;
    }
  }
}
