import {readArrow} from '../io/arrow.ts';
import {smoothedIdf} from '../math/idf.ts';
import {openSegmenter} from '../text/words.ts';
import {clsWeights, idfWeights, meanWeights} from './encoder-pooling.ts';
import type {PieceWeights} from './encoder-pooling.ts';
import type {EncoderTeacher} from './encoder-teacher.ts';

export interface TextWeightsOptions {
  /** idf.arrow; asked for only by the pooling `idf`. */
  readonly idf: () => string;
  readonly smoothing: number;
}

/** What each piece of a text counts, by the name of a pooling; the prefix of the teacher is a part of the text. */
export const textWeights = async (
  pooling: 'mean' | 'cls' | 'idf',
  {idf, smoothing}: TextWeightsOptions,
  {tokenizer, prefix}: Pick<EncoderTeacher, 'tokenizer' | 'prefix'>,
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
