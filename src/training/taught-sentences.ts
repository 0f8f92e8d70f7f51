import {readArrow} from '../io/arrow.ts';
import type {ArrowTable, ArrowVectors} from '../io/arrow.ts';

/** Sentences with the teacher's vector of each: row i of `teacher` belongs to texts[i]. */
export interface TaughtSentences {
  readonly texts: readonly string[];
  readonly teacher: ArrowVectors;
}

/** Reads the sentences that the teacher has embedded; files that do not belong together are refused. */
export const readTaughtSentences = (sentencesFile: string, vectorsFile: string): TaughtSentences => {
  const vectors = readArrow(vectorsFile);
  const {ids, texts} = firstSentences(readArrow(sentencesFile), vectors.rows);
  const advice = 'The vectors must have been made from these sentences.';
  if (texts.length < vectors.rows)
    throw new Error(
      `${vectorsFile} holds ${vectors.rows} vectors, ${sentencesFile} only ${texts.length} sentences. ${advice}`,
    );
  const row = vectors.numbers('id').findIndex((id, at) => id !== ids[at]);
  if (row >= 0)
    throw new Error(`Row ${row} of ${vectorsFile} has another id than row ${row} of ${sentencesFile}. ${advice}`);
  return {texts, teacher: vectors.vectors('vector')};
};

/** The rest of a large corpus is not read. */
const firstSentences = (sentences: ArrowTable, count: number): {ids: number[]; texts: string[]} => {
  const ids: number[] = [];
  const texts: string[] = [];
  for (const batch of sentences.batches()) {
    if (texts.length >= count) break;
    for (const id of batch.numbers('id')) ids.push(id);
    for (const text of batch.strings('text')) texts.push(text);
  }
  return {ids: ids.slice(0, count), texts: texts.slice(0, count)};
};
