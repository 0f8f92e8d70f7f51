import {openArrowWriter} from '../io/arrow.ts';
import type {ArrowWriter} from '../io/arrow.ts';
import {readKnownVectors} from '../io/known-vectors.ts';
import type {KnownVectorFiles} from '../io/known-vectors.ts';
import {discardVectorChunks, vectorChunks} from '../io/vector-chunks.ts';
import {embedSorted, lastOf} from './embed-sorted.ts';
import {encoderPlace} from './encoder-place.ts';
import type {EncoderPlace} from './encoder-place.ts';
import {openEncoderTeacher} from './encoder-teacher.ts';
import {textWeights} from './encoder-text-weights.ts';
import type {TextWeightsOptions} from './encoder-text-weights.ts';
import {openTexts} from './encoder-texts.ts';
import type {TextsOptions} from './encoder-texts.ts';

/** Texts whose vectors are made, kept for a second attempt and written together. */
const chunk = 4096;

export interface EncoderVectorsOptions extends TextsOptions, TextWeightsOptions {
  /** A model of the hub (`owner/name@COMMIT`), or `folder`. */
  readonly model: string;
  /** The input `model`: with `folder`, one folder. */
  readonly folders: readonly string[];
  readonly pooling: 'model' | 'mean' | 'cls' | 'idf';
  readonly precision: 'float32' | 'int8';
  readonly storage: 'float32' | 'float16';
  /** Also a column with a vector of every layer. */
  readonly layers: boolean;
  readonly prefix?: string | undefined;
  /** Pieces in one run of the model, padding included. */
  readonly batchPieces: number;
  /** Vectors that an earlier run made of the first of the sentences; only with texts of tasks. */
  readonly known: KnownVectorFiles | null;
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
  try {
    await write(options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new Error(
      `The disk is full: ${options.out} could not be written. Make room and run again; finished chunks are kept in ${options.scratch}.`,
      {cause: error},
    );
  }
};

const write = async (options: EncoderVectorsOptions): Promise<void> => {
  const {out, scratch, storage, layers, signal, log} = options;
  if (options.known !== null && layers)
    throw new Error('Known vectors have no layers: leave out the input `known`, or `layers`.');
  const {folder, notes: model} = await encoderPlace(options);
  const teacher = await openEncoderTeacher({
    ...{folder, threads: options.threads, precision: options.precision, layers},
    ...(options.prefix !== undefined && {prefix: options.prefix}),
  });
  const {width, vectorsPerText} = teacher;
  if (teacher.unexpected.length > 0) log(`not used of the checkpoint: ${teacher.unexpected.join(', ')}`);
  const pooling = options.pooling === 'model' ? teacher.pooling : options.pooling;
  const weigh = await textWeights(pooling, options, teacher);
  const notes = notesOf(options, model, pooling, teacher.prefix);
  const source = openTexts(options, wanted => options.known && readKnownVectors(options.known, wanted, notes));
  const {known} = source;
  const total = source.rows + (known?.texts.length ?? 0);
  log(`${total} texts, vectors of ${width} numbers by ${Object.values(model).join(' ')}, pooling ${pooling}`);
  if (known) log(`${known.texts.length} of them are sentences whose vectors are known`);

  const column = (dim: number) => (storage === 'float16' ? {float16: dim} : {float32: dim});
  const writer: ArrowWriter = openArrowWriter(
    out,
    {
      id: 'uint32',
      ...(source.hasText && {text: 'utf8' as const}),
      vector: column(width),
      ...(layers && {layers: column(width * vectorsPerText)}),
    },
    {metadata: notes},
  );
  const begin = performance.now();
  let resumed = 0;
  // Vectors of other settings than these would be taken for ours: attempts of one job have the same.
  const compute = (start: number, end: number): Promise<Float32Array> =>
    embedSorted(source.texts(start, end), {
      ...{teacher, weigh, budget: options.batchPieces},
      onBatch: done => {
        signal.throwIfAborted();
        options.progress(start + done, source.rows, 'sentence');
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
  for (let start = 0; known && start < known.texts.length; start += chunk) {
    const text = known.texts.slice(start, start + chunk);
    const id = Uint32Array.from(text, (_, row) => source.rows + start + row);
    await writer.append({id, text, vector: known.vectors(start, start + chunk)});
  }
  await writer.close();
  await teacher.session.close();
  discardVectorChunks(scratch);
  if (resumed > 0) log(`${resumed} of them were ready from an earlier attempt`);
  const seconds = (performance.now() - begin) / 1000;
  log(`${Math.round((source.rows - resumed) / seconds)} texts a second with ${options.threads} threads`);
};

/** Of the file's metadata: what the vectors depend on, beside the texts. */
const notesOf = (
  options: EncoderVectorsOptions,
  model: EncoderPlace['notes'],
  pooling: string,
  prefix: string,
): Record<string, string> => ({
  ...model,
  pooling,
  ...(pooling === 'idf' && {smoothing: String(options.smoothing)}),
  ...(prefix !== '' && {prefix}),
  ...(options.precision !== 'float32' && {precision: options.precision}),
  ...(options.storage !== 'float32' && {storage: options.storage}),
});
