import type {Batch} from '../../engine/types.ts';
import {openVectorFile} from '../../io/arrow-rows.ts';
import {readArrow} from '../../io/arrow.ts';
import type {Masked} from './masking.ts';
import {wholeRow} from './top-words.ts';
import {wordBatch} from './word-batch.ts';

/** What a teacher said of a corpus, by the stage word-logits: which words were hidden, and the logits at each place. */
export interface RecordedWords {
  readonly scored: 'masked' | 'tokens';
  /** Of each text's tokens, that are hidden. */
  readonly share: number;
  /** How texts, by their numbers in the corpus, are read in this epoch: the words that were hidden when the teacher read them. */
  masked(texts: readonly {readonly row: number; readonly ids: Int32Array}[], epoch: number): Masked;
  /** `teacher.logits` [place, word] of the same texts, for a batch of so many places. */
  logits(rows: readonly number[], epoch: number, places: number): Batch;
  close(): void;
}

export interface RecordedOptions {
  /** Sentences of the corpus. */
  readonly texts: number;
  readonly vocabulary: number;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly scored: 'masked' | 'tokens';
}

/** Opens a file of word-logits; one that was made for other settings, or of another corpus, is refused. */
export const openRecordedWords = (file: string, options: RecordedOptions): RecordedWords => {
  const table = readArrow(file);
  const noted = (name: string): string => table.metadata.get(name) ?? '(nothing)';
  const wrong = Object.entries(options).filter(([name, value]) => noted(name) !== String(value));
  if (wrong.length > 0) {
    const lines = wrong.map(([name, value]) => `  ${name}: ${noted(name)} in the file, ${String(value)} here`);
    throw new Error(`${file} was made for another training:\n${lines.join('\n')}\nRun word-logits with the same settings, on the same sentences.`); // prettier-ignore
  }
  const copies = Number(noted('copies'));
  const column = (name: string): Uint32Array => {
    const values = new Uint32Array(table.rows);
    for (const batch of table.batches()) values.set(Uint32Array.from(batch.numbers(name)), batch.start);
    return values;
  };
  const names = ['copy', 'text', 'token', 'piece', 'read', 'hidden'] as const;
  const {copy, text, token, piece, read, hidden} = Object.fromEntries(
    names.map(name => [name, column(name)]),
  ) as Record<(typeof names)[number], Uint32Array>;
  const rest = table.numbers('rest');
  // Rows of text t in copy c: from firsts[c · texts + t] to the next entry.
  const firsts = new Uint32Array(options.texts * copies + 1);
  for (let row = 0; row < table.rows; row++) firsts[copy[row]! * options.texts + text[row]! + 1] = row + 1;
  for (let at = 1; at < firsts.length; at++) firsts[at] = Math.max(firsts[at]!, firsts[at - 1]!);
  const [words, logits] = [openVectorFile(file, 'words'), openVectorFile(file, 'logits')];
  const found = {words: new Float32Array(words.dim), logits: new Float32Array(logits.dim)};
  const rowsOf = (row: number, epoch: number): readonly [number, number] => {
    const at = (epoch % copies) * options.texts + row;
    return [firsts[at]!, firsts[at + 1]!];
  };
  return {
    scored: options.scored,
    share: Number(noted('share')),
    masked: (texts, epoch) => {
      const places: {text: number; token: number}[] = [];
      const ids = texts.map(({row, ids: own}, at) => {
        const result = Int32Array.from(own);
        const [first, end] = rowsOf(row, epoch);
        for (let place = first; place < end; place++) {
          const here = token[place]!;
          if (own[here] !== piece[place])
            throw new Error(`${file} says that token ${here} of sentence ${row} is ${piece[place]}, it is ${String(own[here])}: it was made of other sentences or with another tokeniser.`); // prettier-ignore
          result[here] = read[place]!;
          if (hidden[place] === 1) places.push({text: at, token: here});
        }
        return result;
      });
      return {ids, places};
    },
    logits: (rows, epoch, count) => {
      const data = new Float32Array(count * options.vocabulary);
      let place = 0;
      for (const row of rows) {
        const [first, end] = rowsOf(row, epoch);
        for (let at = first; at < end; at++, place++) {
          words.read(at, found.words);
          logits.read(at, found.logits);
          const own = {words: Uint32Array.from(found.words), logits: found.logits, rest: rest[at]!};
          wholeRow(data.subarray(place * options.vocabulary, (place + 1) * options.vocabulary), own);
        }
      }
      return {'teacher.logits': {dtype: 'float32', shape: [count, options.vocabulary], data}};
    },
    close: () => {
      words.close();
      logits.close();
    },
  };
};

/** A batch of these texts, its hidden words and what the teacher said of them as the file has them. */
export const recordedBatch = (
  words: RecordedWords,
  texts: readonly {readonly row: number; readonly ids: Int32Array}[],
  size: {readonly rows: number; readonly tokens: number},
  epoch: number,
): Batch => {
  const shape = {...size, scored: words.scored, share: words.share, perText: true};
  const own = texts.map(({ids}) => ids);
  const batch = wordBatch(own, words.masked(texts, epoch), shape);
  const rows = texts.map(({row}) => row);
  return {...batch, ...words.logits(rows, epoch, batch['positions']!.shape[0]!)};
};
