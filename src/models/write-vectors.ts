import {openArrowWriter} from '../io/arrow.ts';
import {namingFullDisk} from '../io/full-disk.ts';
import {discardVectorChunks, vectorChunks} from '../io/vector-chunks.ts';
import {lastOf} from './embed-sorted.ts';
import type {Texts} from './encoder-texts.ts';
import type {Writing} from './writing.ts';

export interface VectorsJob extends Writing {
  readonly source: Texts;
  readonly width: number;
  /** More than one: the last is the text's own, and all of them are a column `layers`. */
  readonly vectorsPerText: number;
  readonly storage: 'float32' | 'float16';
  /** Texts whose vectors are made, kept for a second attempt and written together. */
  readonly chunk: number;
  /** Of the file's metadata. */
  readonly notes: Readonly<Record<string, string>>;
  /** Vectors of a chunk's texts, [text, vectorsPerText · width]; attempts of one job give the same. */
  embed(texts: readonly string[], onBatch: (done: number) => void): Promise<Float32Array>;
  readonly scratch: string;
}

/**
 * Writes vectors of texts: columns id, text (of tasks), vector, layers (if there are any). Memory does not grow with a
 * corpus: texts are read, embedded and written in chunks, and a killed run goes on after the last finished one.
 */
export const writeVectors = (job: VectorsJob): Promise<void> =>
  namingFullDisk({file: job.out, scratch: job.scratch}, () => write(job));

const write = async (job: VectorsJob): Promise<void> => {
  const {source, width, vectorsPerText, storage, chunk, scratch, log} = job;
  const {known, rows, hasText} = source;
  if (known) log(`${known.texts.length} of them are sentences whose vectors are known`);
  const hasLayers = vectorsPerText > 1;
  const column = (dim: number) => (storage === 'float16' ? {float16: dim} : {float32: dim});
  const writer = openArrowWriter(
    job.out,
    {
      id: 'uint32',
      ...(hasText && {text: 'utf8' as const}),
      vector: column(width),
      ...(hasLayers && {layers: column(width * vectorsPerText)}),
    },
    {metadata: job.notes},
  );
  const begin = performance.now();
  let resumed = 0;
  const compute = (start: number, end: number): Promise<Float32Array> =>
    job.embed(source.texts(start, end), done => {
      job.signal.throwIfAborted();
      job.progress(start + done, rows, 'sentence');
    });
  for await (const part of vectorChunks({folder: scratch, rows, dim: width * vectorsPerText, chunk, compute})) {
    await writer.append({
      id: Uint32Array.from({length: part.rows}, (_, row) => part.start + row),
      ...(hasText && {text: source.texts(part.start, part.start + part.rows)}),
      vector: hasLayers ? lastOf(part.data, part.rows, width) : part.data,
      ...(hasLayers && {layers: part.data}),
    });
    if (part.resumed) resumed += part.rows;
  }
  const seconds = (performance.now() - begin) / 1000;
  for (let start = 0; known && start < known.texts.length; start += chunk) {
    const text = known.texts.slice(start, start + chunk);
    const id = Uint32Array.from(text, (_, row) => rows + start + row);
    await writer.append({id, text, vector: known.vectors(start, start + chunk)});
  }
  await writer.close();
  discardVectorChunks(scratch);
  if (resumed > 0) log(`${resumed} of them were ready from an earlier attempt`);
  log(`${Math.round((rows - resumed) / seconds)} texts a second with ${job.threads} threads`);
};
