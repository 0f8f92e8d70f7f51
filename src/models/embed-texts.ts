import {lengthBuckets} from '../math/length-buckets.ts';
import {toPoolingWeights} from '../text/piece-weights.ts';
import type {PieceImportance} from '../text/piece-weights.ts';
import type {UseLiteTeacher} from './use-lite-teacher.ts';
import {useLiteDim} from './use-lite-weights.ts';

export interface EmbedOptions {
  readonly teacher: Pick<UseLiteTeacher, 'session' | 'tokenizer'>;
  /** The ways in which each text is pooled. */
  readonly poolings: readonly PieceImportance[];
  /** Pieces in one run of the model, padding included. */
  readonly budget: number;
  /** Called after each batch with the number of texts done; may throw to stop. */
  readonly onBatch?: (done: number) => void;
}

/**
 * Vectors in the order of the texts, [text, pooling, 512]; the model sees them sorted by length, in batches of little
 * padding. All of them are in memory: 2 KB a text and pooling.
 */
export const embedTexts = async (
  texts: readonly string[],
  {teacher, poolings, budget, onBatch}: EmbedOptions,
): Promise<Float32Array> => {
  const encoded = texts.map(text => {
    const pieces = teacher.tokenizer.encodeWithOffsets(text);
    const weights = new Float32Array(poolings.length * pieces.ids.length);
    for (const [way, importance] of poolings.entries())
      weights.set(toPoolingWeights(importance(pieces)), way * pieces.ids.length);
    return {ids: pieces.ids, weights};
  });
  const width = poolings.length * useLiteDim;
  const vectors = new Float32Array(texts.length * width);
  const lengths = Int32Array.from(encoded, text => text.ids.length);
  let done = 0;
  for (const rows of lengthBuckets(lengths, {budget, rows: 256})) {
    const batch = Array.from(rows, row => encoded[row]!);
    const result = await teacher.session.embed({
      ids: batch.map(text => text.ids),
      weights: batch.map(text => text.weights),
      poolings: poolings.length,
    });
    rows.forEach((row, index) => vectors.set(result.subarray(index * width, (index + 1) * width), row * width));
    done += rows.length;
    onBatch?.(done);
  }
  return vectors;
};
