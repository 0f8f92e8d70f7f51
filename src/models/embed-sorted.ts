import {lengthBuckets} from '../math/length-buckets.ts';
import type {PieceWeights} from './encoder-pooling.ts';
import type {EncoderTeacher} from './encoder-teacher.ts';

export interface SortedOptions {
  readonly teacher: EncoderTeacher;
  readonly weigh: PieceWeights;
  /** Pieces in one run, padding included. */
  readonly budget: number;
  readonly onBatch: (done: number) => void;
}

/** Vectors in the order of the texts; the model sees them sorted by length, in batches of little padding. */
export const embedSorted = async (
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
export const lastOf = (data: Float32Array, rows: number, width: number): Float32Array => {
  const each = data.length / rows;
  const last = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) last.set(data.subarray((row + 1) * each - width, (row + 1) * each), row * width);
  return last;
};
