import {readKnownVectors} from '../io/known-vectors.ts';
import {embedSorted} from './embed-sorted.ts';
import {encoderPlace} from './encoder-place.ts';
import type {EncoderPlace} from './encoder-place.ts';
import {openEncoderTeacher} from './encoder-teacher.ts';
import {textWeights} from './encoder-text-weights.ts';
import {openTexts} from './encoder-texts.ts';
import type {VectorsOptions} from './vectors-options.ts';
import {writeVectors} from './write-vectors.ts';

/** Texts whose vectors are made, kept for a second attempt and written together. */
const chunk = 4096;

/** Writes the vectors of texts by a BERT encoder. */
export const writeTeacherVectors = async (options: VectorsOptions): Promise<void> => {
  const {layers, log} = options;
  if (options.pooling === 'idf' && options.idfUnit === 'piece')
    throw new Error('`idfUnit: piece` is for USE-lite; encoders have the IDF of words: idfUnit: word.');
  if (options.known !== null && layers)
    throw new Error('Known vectors have no layers: leave out the input `known`, or `layers`.');
  const {folder, notes: model} = await encoderPlace(options);
  const teacher = await openEncoderTeacher({
    ...{folder, threads: options.threads, precision: options.precision, layers},
    ...(options.prefix !== undefined && {prefix: options.prefix}),
  });
  const {width, vectorsPerText, unexpected} = teacher;
  if (unexpected.length > 0) log(`not used of the checkpoint: ${unexpected.join(', ')}`);
  const pooling = options.pooling === 'model' ? teacher.pooling : options.pooling;
  const weigh = await textWeights(pooling, options, teacher);
  const notes = notesOf(options, model, pooling, teacher.prefix);
  const source = openTexts(options, wanted => options.known && readKnownVectors(options.known, wanted, notes));
  const total = source.rows + (source.known?.texts.length ?? 0);
  log(`${total} texts, vectors of ${width} numbers by ${Object.values(model).join(' ')}, pooling ${pooling}`);
  await writeVectors({
    ...{...options, source, width, vectorsPerText, chunk, notes},
    embed: (texts, onBatch) => embedSorted(texts, {teacher, weigh, budget: options.batchPieces, onBatch}),
  });
  await teacher.session.close();
};

/** Of the file's metadata: what the vectors depend on, beside the texts. */
const notesOf = (
  options: VectorsOptions,
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
