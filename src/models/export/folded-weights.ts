import type {HostTensor} from '../../engine/types.ts';
import {unknownId} from '../../text/vocabulary.ts';
import type {StudentConfig} from '../student-config.ts';
import type {WordIdf} from '../student-tokens.ts';

export interface FoldedWeights {
  /** [vocabulary] */
  readonly weights: HostTensor;
  /** True where a token's weight is a function of its id, words outside the vocabulary apart. */
  readonly exact: boolean;
}

/**
 * A weight for each id, for programs that see ids and no words. LTD-BERT weighs a piece by the word that it stands in:
 * over words as tokens that is the same; over pieces and characters it is the mean over the corpus, each word counted as
 * often as documents have it. Ids that no word has weigh what an unknown word does.
 */
export const foldedWeights = (
  config: Pick<StudentConfig, 'unit' | 'smoothing'>,
  idf: WordIdf,
  idsOfWord: (word: string) => ArrayLike<number>,
  options: {readonly vocabulary: number; readonly unknownIdf: number},
): FoldedWeights => {
  const sums = new Float64Array(options.vocabulary);
  const counts = new Float64Array(options.vocabulary);
  for (const [row, word] of idf.words.entries()) {
    const ids = idsOfWord(word);
    const documents = idf.documentFrequency[row]!;
    for (let piece = 0; piece < ids.length; piece++) {
      sums[ids[piece]!]! += documents * (idf.idf[row]! / ids.length + config.smoothing);
      counts[ids[piece]!]! += documents;
    }
  }
  const unknown =
    counts[unknownId]! > 0 ? sums[unknownId]! / counts[unknownId]! : options.unknownIdf + config.smoothing;
  const data = Float32Array.from(sums, (sum, id) => (counts[id]! > 0 ? sum / counts[id]! : unknown));
  return {weights: {shape: [options.vocabulary], data}, exact: config.unit === 'word'};
};
