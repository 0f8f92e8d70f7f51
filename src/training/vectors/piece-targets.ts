import {readArrow} from '../../io/arrow.ts';
import {openVectorFile} from '../../io/arrow-rows.ts';
import type {BatchInput} from '../../engine/types.ts';
import type {BatchPlan} from '../../models/sentence-batch.ts';

/** The teacher's vectors of the tokens of some sentences; they lie in a file, and memory holds a number a sentence. */
export interface PieceTargets {
  /** Sentences that have any, and vectors in all. */
  readonly sentences: number;
  readonly rows: number;
  /** Tokens of a sentence, 0 where there are no vectors of it. */
  countOf(sentence: number): number;
  /** `pieces` [token · row, dim] and `pieceWeights` [token · row] for these sentences: each sentence counts alike. */
  inputs(sentences: readonly number[], plan: Pick<BatchPlan, 'rows' | 'tokens'>): Record<string, BatchInput>;
  close(): void;
}

export interface PieceTargetsOptions {
  /** What embed-pieces wrote of the first of the sentences. */
  readonly file: string;
  /** Of the sentences' vectors. */
  readonly dim: number;
  /** The first so many sentences are learnt from; vectors of others are left alone. */
  readonly learnt: number;
  /** Tokens of a sentence as the student reads it. */
  readonly lengthOf: (sentence: number) => number;
}

/** Opens the file and checks that the student cuts sentences as it does. */
export const openPieceTargets = ({file, dim, learnt, lengthOf}: PieceTargetsOptions): PieceTargets => {
  const ids = readArrow(file).numbers('id');
  const counts = new Uint32Array(learnt);
  const starts = new Uint32Array(learnt);
  for (const [row, sentence] of ids.entries()) {
    if (sentence >= learnt) continue;
    if (counts[sentence]!++ === 0) starts[sentence] = row;
  }
  const wrong = counts.findIndex((count, sentence) => count > 0 && count !== lengthOf(sentence));
  if (wrong >= 0)
    throw new Error(
      `${file} has ${counts[wrong]} vectors for sentence ${wrong}, of which the student reads ${lengthOf(wrong)} tokens. ` +
        'They must be of the same sentences, `unit` and `maxTokens`.',
    );
  const vectors = openVectorFile(file, 'vector');
  if (vectors.dim !== dim) {
    vectors.close();
    throw new Error(`${file} has vectors of ${vectors.dim} numbers, those of the sentences have ${dim}: they are of different teachers.`); // prettier-ignore
  }
  return {
    sentences: counts.reduce((sum, count) => sum + Number(count > 0), 0),
    rows: counts.reduce((sum, count) => sum + count, 0),
    countOf: sentence => counts[sentence] ?? 0,
    inputs: (sentences, {rows, tokens}) => {
      const data = new Float32Array(tokens * rows * dim);
      const weights = new Float32Array(tokens * rows);
      for (const [row, sentence] of sentences.entries()) {
        const count = counts[sentence]!;
        for (let token = 0; token < count; token++) {
          const at = token * rows + row;
          vectors.read(starts[sentence]! + token, data.subarray(at * dim, (at + 1) * dim));
          weights[at] = 1 / count;
        }
      }
      return {
        pieces: {dtype: 'float32', shape: [tokens * rows, dim], data},
        pieceWeights: {dtype: 'float32', shape: [tokens * rows], data: weights},
      };
    },
    close: () => vectors.close(),
  };
};
