import path from 'node:path';
import {readArrow} from '../../io/arrow.ts';
import {openVectorFiles} from '../../io/arrow-rows.ts';
import {TokenSpool} from '../../io/token-spool.ts';
import type {EncodedText, TextEncoder} from '../../models/encoded-text.ts';
import type {VectorRows} from '../../math/vector-rows.ts';

/** Sentences as a student reads them, in memory or not. */
export interface Sentences {
  readonly length: number;
  at(index: number): EncodedText | undefined;
}

/** Sentences with the teacher's vector of each: row i of `teacher` belongs to sentence i. Memory is flat: both lie in files. */
export interface TaughtCorpus extends Sentences {
  readonly teacher: VectorRows & {readonly rows: number};
  /** Tokens of a sentence. */
  readonly lengthOf: (index: number) => number;
  /** The source of a sentence, as sentences.arrow has it. */
  readonly sourceOf: (index: number) => string;
  close(): void;
}

export interface TaughtFiles {
  /** sentences.arrow, of which the first were embedded. */
  readonly sentences: string;
  readonly vectors: string;
}

export interface TaughtCorpusOptions {
  /** The first one's sentences come last: what is held out is of it, whatever is added to it. */
  readonly corpora: readonly TaughtFiles[];
  readonly encodeText: TextEncoder;
  /** Only the first so many are read, and the last `heldOut`; those between are empty. */
  readonly limit?: number | undefined;
  readonly heldOut: number;
  /** A folder for the sentences' tokens. */
  readonly scratch: string;
  /** Told now and then how many sentences are read. */
  onRead(done: number, total: number): void;
}

const empty: EncodedText = {ids: new Int32Array(0), weights: new Float32Array(0)};

/** Reads the sentences that the teacher has embedded; files that do not belong together are refused. */
export const openTaughtCorpus = (options: TaughtCorpusOptions): TaughtCorpus => {
  const corpora = options.corpora.toReversed();
  for (const files of corpora) checkIds(files);
  const teacher = openVectorFiles(
    corpora.map(files => files.vectors),
    'vector',
  );
  const spool = new TokenSpool(path.join(options.scratch, 'tokens.bin'));
  const isRead = (at: number): boolean => at < (options.limit ?? teacher.rows) || at >= teacher.rows - options.heldOut;
  const close = (): void => {
    spool.close();
    teacher.close();
  };
  try {
    const names: string[] = [];
    const sources = new Uint16Array(teacher.rows);
    for (const [at, {sentences}] of corpora.entries()) {
      const end = teacher.ends[at]!;
      for (const batch of readArrow(sentences).batches()) {
        if (spool.length >= end) break;
        options.onRead(spool.length, teacher.rows);
        const sourceOf = batch.strings('source');
        for (const [row, text] of batch.strings('text').entries()) {
          if (spool.length >= end) break;
          let source = names.indexOf(sourceOf[row]!);
          if (source < 0) source = names.push(sourceOf[row]!) - 1;
          sources[spool.length] = source;
          spool.push(isRead(spool.length) ? options.encodeText(text) : empty);
        }
      }
    }
    return {
      length: spool.length,
      at: index => spool.at(index),
      lengthOf: index => spool.lengthOf(index),
      sourceOf: index => names[sources[index]!]!,
      teacher,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
};

const checkIds = ({sentences, vectors}: TaughtFiles): void => {
  const [texts, vectorTable] = [readArrow(sentences), readArrow(vectors)];
  const counts = `${vectors} holds ${vectorTable.rows} vectors, ${sentences} ${texts.rows} sentences`;
  const advice = 'The vectors must have been made from these sentences, in their order.';
  if (texts.rows < vectorTable.rows) throw new Error(`${counts}. ${advice}`);
  const wanted = vectorTable.numbers('id');
  const found = texts.numbers('id');
  const row = wanted.findIndex((id, at) => id !== found[at]);
  if (row < 0) return;
  throw new Error(
    `${counts}; row ${row} has the id ${wanted[row]} in the first and ${found[row]} in the second. ${advice}`,
  );
};
