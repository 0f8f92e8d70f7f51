import {openArrowWriter, readArrow} from '../../io/arrow.ts';
import {namingFullDisk} from '../../io/full-disk.ts';
import {discardVectorChunks} from '../../io/vector-chunks.ts';
import type {EncoderConfig} from '../../models/encoder-config.ts';
import {createTokenizer} from '../../text/tokenizer.ts';
import {readTokenizerJson} from '../../text/open-tokenizer.ts';
import {specialPieces} from './corpus.ts';
import {chancesOf} from './masking.ts';
import {openWordRecorder} from './record-words.ts';
import type {RecordOptions} from './record-words.ts';

/** Texts whose logits are made, kept for a second attempt and written together. */
const chunk = 512;

export interface WordLogitsOptions extends Omit<RecordOptions, 'masking'> {
  /** sentences.arrow */
  readonly corpus: string;
  /** Folder of the teacher's tokeniser. */
  readonly tokenizerFolder: string;
  readonly maxTokens: number;
  readonly masking: {readonly share: number; readonly smoothing: number};
  /** How many times each text is read, other words hidden each time. */
  readonly copies: number;
  readonly storage: 'float32' | 'float16';
  /** Which model, for the file's metadata. */
  readonly teacher: string;
  readonly out: string;
  readonly log: (line: string) => void;
  readonly progress: (done: number, total: number) => void;
}

/**
 * Writes, for each place of each text, the words that the teacher thinks most likely there: columns copy, text, token, piece,
 * read, hidden, words, logits, rest. A chunk of the corpus is in memory at a time; a killed run goes on after the last
 * finished one.
 */
export const writeWordLogits = (options: WordLogitsOptions): Promise<void> =>
  namingFullDisk({file: options.out, scratch: options.folder}, () => write(options));

const write = async (options: WordLogitsOptions): Promise<void> => {
  const {config, scored, top, temperature, copies, maxTokens, out, storage} = options;
  const json = readTokenizerJson(options.tokenizerFolder);
  const tokenizer = createTokenizer(json);
  const {special, maskId} = specialPieces(json);
  const pieces = function* (): Generator<readonly Int32Array[]> {
    const ready: Int32Array[] = [];
    for (const batch of readArrow(options.corpus).batches()) {
      for (const text of batch.strings('text')) {
        ready.push(tokenizer.encode(text, maxTokens));
        if (ready.length === chunk) yield ready.splice(0);
      }
    }
    if (ready.length > 0) yield ready;
  };
  const {probabilities, texts} = countedProbabilities(pieces(), config, special, options.masking.smoothing);
  const recorder = openWordRecorder({...options, masking: {share: options.masking.share, probabilities, maskId}});
  const notes = {
    ...{teacher: options.teacher, texts, vocabulary: config.vocabulary, maxTokens, temperature, scored},
    ...{copies, share: options.masking.share, seed: options.seed},
  };
  const writer = openArrowWriter(
    out,
    {
      ...{copy: 'uint32', text: 'uint32', token: 'uint32', piece: 'uint32', read: 'uint32', hidden: 'uint32'},
      words: {uint32: top},
      logits: storage === 'float16' ? {float16: top} : {float32: top},
      rest: 'float32',
    },
    {metadata: Object.fromEntries(Object.entries(notes).map(([name, value]) => [name, String(value)]))},
  );
  let resumed = 0;
  for (let copy = 0; copy < copies; copy++) {
    let start = 0;
    for (const own of pieces()) {
      const {places, words, logits, rest, resumed: ready} = await recorder.record(own, start, copy);
      const numbers = (of: (place: (typeof places)[number]) => number): Uint32Array => Uint32Array.from(places, of);
      await writer.append({
        ...{copy: numbers(() => copy), text: numbers(({text}) => start + text), token: numbers(({token}) => token)},
        ...{piece: numbers(({piece}) => piece), read: numbers(({read}) => read)},
        ...{hidden: numbers(({isHidden}) => Number(isHidden)), words, logits, rest},
      });
      start += own.length;
      if (ready) resumed += own.length;
      options.progress(copy * texts + start, copies * texts);
    }
  }
  await writer.close();
  await recorder.close();
  discardVectorChunks(options.folder);
  if (resumed > 0) options.log(`${resumed} texts were ready from an earlier attempt`);
};

/** As maskingProbabilities, one chunk in memory. */
const countedProbabilities = (
  chunks: Iterable<readonly Int32Array[]>,
  {vocabulary}: EncoderConfig,
  special: readonly number[],
  smoothing: number,
): {readonly probabilities: Float64Array; readonly texts: number} => {
  const counts = new Float64Array(vocabulary);
  let texts = 0;
  for (const chunkOf of chunks) {
    for (const ids of chunkOf) for (const id of ids) counts[id]!++;
    texts += chunkOf.length;
  }
  return {probabilities: chancesOf(counts, {special, smoothing}), texts};
};
