import {readArrow, openArrowWriter} from '../io/arrow.ts';
import type {ArrowWriter} from '../io/arrow.ts';
import {fetchHubModel, isHubId} from '../io/hub.ts';
import {readTaskTexts} from '../io/task-texts.ts';
import {discardVectorChunks, vectorChunks} from '../io/vector-chunks.ts';
import {smoothedIdf} from '../math/idf.ts';
import {lengthBuckets} from '../math/length-buckets.ts';
import {openSegmenter} from '../text/words.ts';
import {clsWeights, idfWeights, meanWeights} from './encoder-pooling.ts';
import type {PieceWeights} from './encoder-pooling.ts';
import {openEncoderTeacher} from './encoder-teacher.ts';
import type {EncoderTeacher} from './encoder-teacher.ts';

/** Texts whose vectors are made, kept for a second attempt and written together. */
const chunk = 4096;

export interface EncoderVectorsOptions {
  /** A model of the hub (`owner/name@revision`), or a folder. */
  readonly model: string;
  readonly pooling: 'model' | 'mean' | 'cls' | 'idf';
  /** Of `idf`: added to each piece's share. */
  readonly smoothing: number;
  readonly precision: 'float32' | 'int8';
  readonly storage: 'float32' | 'float16';
  /** Also a column with a vector of every layer. */
  readonly layers: boolean;
  readonly prefix?: string | undefined;
  /** Pieces in one run of the model, padding included. */
  readonly batchPieces: number;
  readonly limit?: number | undefined;
  /** sentences.arrow, or task files, each different text of which is embedded. */
  readonly texts: {readonly sentences: string} | {readonly tasks: readonly string[]};
  /** idf.arrow; asked for only by the pooling `idf`. */
  readonly idf: () => string;
  readonly out: string;
  readonly scratch: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly progress: (done: number, total: number, unit: string) => void;
}

/**
 * Writes the vectors of texts by a BERT encoder: columns id, text (of tasks), vector, layers (if asked for). Memory does not
 * grow with a corpus: texts are read, embedded and written in chunks, and a killed run goes on after the last finished one.
 */
export const writeEncoderVectors = async (options: EncoderVectorsOptions): Promise<void> => {
  const {out, scratch, storage, layers, signal, log} = options;
  const source = openTexts(options);
  const {folder, commit} = await placeOf(options);
  const teacher = await openEncoderTeacher({
    ...{folder, threads: options.threads, precision: options.precision, layers},
    ...(options.prefix !== undefined && {prefix: options.prefix}),
  });
  const {width, vectorsPerText} = teacher;
  if (teacher.unexpected.length > 0) log(`not used of the checkpoint: ${teacher.unexpected.join(', ')}`);
  const pooling = options.pooling === 'model' ? teacher.pooling : options.pooling;
  const weigh = await weightsOf(pooling, options, teacher);
  log(
    `${source.rows} texts, vectors of ${width} numbers by ${options.model}${commit ? ` (commit ${commit})` : ''}, pooling ${pooling}`,
  );

  const column = (dim: number) => (storage === 'float16' ? {float16: dim} : {float32: dim});
  const writer: ArrowWriter = openArrowWriter(
    out,
    {
      id: 'uint32',
      ...(source.hasText && {text: 'utf8' as const}),
      vector: column(width),
      ...(layers && {layers: column(width * vectorsPerText)}),
    },
    {metadata: notesOf(options, pooling, commit)},
  );
  const begin = performance.now();
  let resumed = 0;
  // Vectors of other settings than these would be taken for ours: attempts of one job have the same.
  const compute = (start: number, end: number): Promise<Float32Array> =>
    embedSorted(source.texts(start, end), {
      ...{teacher, weigh, budget: options.batchPieces},
      onBatch: done => {
        signal.throwIfAborted();
        const made = start + done - resumed;
        const rate = Math.round((made * 1000) / (performance.now() - begin));
        options.progress(start + done, source.rows, `sentences, ${rate}/s`);
      },
    });
  for await (const part of vectorChunks({
    folder: scratch,
    rows: source.rows,
    dim: width * vectorsPerText,
    chunk,
    compute,
  })) {
    await writer.append({
      id: Uint32Array.from({length: part.rows}, (_, row) => part.start + row),
      ...(source.hasText && {text: source.texts(part.start, part.start + part.rows)}),
      vector: vectorsPerText === 1 ? part.data : lastOf(part.data, part.rows, width),
      ...(layers && {layers: part.data}),
    });
    if (part.resumed) resumed += part.rows;
  }
  await writer.close();
  await teacher.session.close();
  discardVectorChunks(scratch);
  if (resumed > 0) log(`${resumed} of them were ready from an earlier attempt`);
  const seconds = (performance.now() - begin) / 1000;
  log(`${Math.round((source.rows - resumed) / seconds)} texts a second with ${options.threads} threads`);
};

const placeOf = async ({
  model,
  signal,
  progress,
}: EncoderVectorsOptions): Promise<{folder: string; commit: string | null}> => {
  if (!isHubId(model) || model.startsWith('/')) return {folder: model, commit: null};
  return fetchHubModel({
    ...{id: model, signal},
    onProgress: (file, bytes, total) => progress(bytes, total ?? bytes, `bytes of ${file}`),
  });
};

/** Of the file's metadata: what the vectors depend on, beside the texts. */
const notesOf = (options: EncoderVectorsOptions, pooling: string, commit: string | null): Record<string, string> => ({
  teacher: options.model,
  pooling,
  ...(pooling === 'idf' && {smoothing: String(options.smoothing)}),
  ...(commit !== null && {commit}),
  ...(options.precision !== 'float32' && {precision: options.precision}),
});

interface Texts {
  readonly rows: number;
  /** Whether the texts are written beside the vectors. */
  readonly hasText: boolean;
  /** Texts from `start` to `end`; calls go forwards. */
  texts(start: number, end: number): readonly string[];
}

const openTexts = ({texts, limit = Number.POSITIVE_INFINITY}: EncoderVectorsOptions): Texts => {
  if ('tasks' in texts) {
    const all = readTaskTexts(texts.tasks).slice(0, limit);
    return {rows: all.length, hasText: true, texts: (start, end) => all.slice(start, end)};
  }
  const table = readArrow(texts.sentences);
  const batches = table.batches();
  // Rows `first` to `next` of the file, those that were not passed yet.
  let kept: readonly string[] = [];
  let [first, next] = [0, 0];
  return {
    rows: Math.min(limit, table.rows),
    hasText: false,
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

const weightsOf = async (
  pooling: 'mean' | 'cls' | 'idf',
  {idf, smoothing}: EncoderVectorsOptions,
  {tokenizer, prefix}: EncoderTeacher,
): Promise<PieceWeights> => {
  if (pooling === 'mean') return meanWeights;
  if (pooling === 'cls') return clsWeights;
  const table = readArrow(idf());
  const documents = Number(table.metadata.get('documents'));
  const language = table.metadata.get('language') === 'zh' ? 'zh' : 'en';
  const values = table.numbers('idf');
  const idfOf = new Map(table.strings('word').map((word, row) => [word, values[row]!]));
  const unknown = smoothedIdf(documents, 0);
  const segment = await openSegmenter(language);
  const weigh = idfWeights({...{smoothing, tokenizer, segment}, idf: word => idfOf.get(word) ?? unknown});
  return (text, pieces) => weigh(prefix + text, pieces);
};

interface SortedOptions {
  readonly teacher: EncoderTeacher;
  readonly weigh: PieceWeights;
  readonly budget: number;
  readonly onBatch: (done: number) => void;
}

/** Vectors in the order of the texts; the model sees them sorted by length, in batches of little padding. */
const embedSorted = async (
  texts: readonly string[],
  {teacher, weigh, budget, onBatch}: SortedOptions,
): Promise<Float32Array> => {
  const width = teacher.width * teacher.vectorsPerText;
  const vectors = new Float32Array(texts.length * width);
  const pieces = texts.map(text => teacher.tokenizer.encodeWithOffsets(teacher.prefix + text, teacher.maxPieces));
  const lengths = Int32Array.from(pieces, ({ids}) => ids.length);
  let done = 0;
  for (const rows of lengthBuckets(lengths, {budget, rows: 256})) {
    const batch = {
      ids: Array.from(rows, row => pieces[row]!.ids),
      weights: Array.from(rows, row => weigh(texts[row]!, pieces[row]!)),
    };
    const results = await teacher.session.run(batch);
    const result = (results['layers'] ?? results['vector'])!;
    rows.forEach((row, at) => vectors.set(result.subarray(at * width, (at + 1) * width), row * width));
    done += rows.length;
    onBatch(done);
  }
  return vectors;
};

/** The last of the vectors of each text. */
const lastOf = (data: Float32Array, rows: number, width: number): Float32Array => {
  const each = data.length / rows;
  const last = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) last.set(data.subarray((row + 1) * each - width, (row + 1) * each), row * width);
  return last;
};
