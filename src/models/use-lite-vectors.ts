import {readKnownVectors} from '../io/known-vectors.ts';
import {embedTexts} from './embed-texts.ts';
import {openTexts} from './encoder-texts.ts';
import {openPooling, poolingNotes} from './teacher-pooling.ts';
import {openUseLiteTeacher} from './use-lite-teacher.ts';
import {useLiteDim} from './use-lite-weights.ts';
import type {VectorsOptions} from './vectors-options.ts';
import {writeVectors} from './write-vectors.ts';

/** Texts whose vectors are made, kept for a second attempt and written together: 16 MB. */
const chunk = 8192;

/** Writes the vectors of texts by USE-lite, whose weights come with npm. */
export const writeTeacherVectors = async (options: VectorsOptions): Promise<void> => {
  if (options.modelFolder !== null)
    throw new Error('The input `model` goes with the parameter `model: folder`; it is use-lite.');
  if (options.pooling === 'cls') throw new Error('USE-lite has no first piece to pool: use mean or idf.');
  const of = {...options, pooling: options.pooling === 'model' ? 'mean' : options.pooling} as const;
  const notes = {teacher: options.model, ...poolingNotes(of)};
  const source = openTexts(options, wanted => options.known && readKnownVectors(options.known, wanted, notes));
  const teacher = await openUseLiteTeacher({threads: options.threads});
  const importance = openPooling(of, options, teacher.tokenizer);
  const total = source.rows + (source.known?.texts.length ?? 0);
  const what = source.hasText ? 'texts of tasks' : 'sentences';
  options.log(`${total} ${what}, vectors of ${useLiteDim} numbers, pooling ${of.pooling}`);
  await writeVectors({
    ...{...options, source, width: useLiteDim, vectorsPerText: 1, storage: 'float32', chunk, notes},
    embed: (texts, onBatch) =>
      embedTexts(texts, {teacher, poolings: [importance], budget: options.batchPieces, onBatch}),
  });
  await teacher.session.close();
};
