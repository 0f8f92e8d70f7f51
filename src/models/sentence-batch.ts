import type {BatchInput} from '../engine/types.ts';

/** A sentence as a student reads it: token ids, and a weight for each token's state. */
export interface WeightedIds {
  readonly ids: Int32Array;
  readonly weights: Float32Array;
}

/** Which sentences run together, in which shape. */
export interface BatchPlan {
  /** Positions in the list that was planned for; at most `rows`. */
  readonly members: readonly number[];
  readonly rows: number;
  readonly tokens: number;
}

export interface PlanOptions {
  readonly rows: number;
  /** Shuffles sentences and the order of batches; without it, both stay in order. */
  readonly random?: {shuffle(array: number[] | BatchPlan[]): unknown};
  /** Buckets with fewer full batches than this are not worth a compiled shape: their sentences run in the next longer one. */
  readonly leastBatches?: number;
}

/** Lengths that batches are padded to: a step less of padding costs more in the long run than one shape more to compile. */
const buckets = [4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 40, 48, 64];

/** Batches of an epoch that a length between those must have to be worth a shape of its own: compiling one takes as long as some ten steps. */
const leastBetween = 8;

/** The length that a batch of sentences of up to `length` tokens is padded to. */
export const paddedLength = (length: number): number =>
  buckets.find(bucket => bucket >= length) ?? Math.ceil(length / 32) * 32;

/** The same, in the finest steps that there are: those of `buckets` are among them. */
const finestLength = (length: number): number => {
  if (length > 48) return paddedLength(length);
  return length > 24 ? 2 * Math.ceil(length / 2) : Math.max(4, length);
};

/**
 * Batches of similar lengths, all of the same number of rows; what is left over of a bucket joins the next longer one, so
 * only the last batch has empty rows. The same lengths give the same shapes and numbers of batches in every order.
 */
export const planBatches = (lengths: readonly number[], {rows, random, leastBatches = 3}: PlanOptions): BatchPlan[] => {
  if (!Number.isInteger(rows) || rows < 1) throw new RangeError(`A batch needs at least one row, found ${rows}.`);
  const order = lengths.map((_, at) => at);
  random?.shuffle(order);
  const byLength = new Map<number, number[]>();
  for (const at of order) {
    const tokens = finestLength(lengths[at]!);
    const bucket = byLength.get(tokens);
    if (bucket) bucket.push(at);
    else byLength.set(tokens, [at]);
  }
  const plans: BatchPlan[] = [];
  const sizes = [...byLength.keys()].sort((a, b) => a - b);
  let left: number[] = [];
  for (const tokens of sizes) {
    const members = [...left, ...byLength.get(tokens)!];
    const isLast = tokens === sizes.at(-1);
    let from = 0;
    const least = paddedLength(tokens) === tokens ? leastBatches : Math.max(leastBatches, leastBetween);
    if (members.length >= rows * least || isLast) {
      for (; from + rows <= members.length || (isLast && from < members.length); from += rows) {
        plans.push({members: members.slice(from, from + rows), rows, tokens});
      }
    }
    left = members.slice(from);
  }
  random?.shuffle(plans);
  return plans;
};

/** Says which batch of an epoch it is and what it holds, for messages. */
export const planName = ({members, tokens}: BatchPlan, at: number, plans: readonly BatchPlan[]): string =>
  `batch ${at + 1} of ${plans.length}, up to ${tokens} tokens each, rows ${members.join(', ')} of what is learnt from`;

/**
 * A batch for students: `ids` and `weights` [direction, token, batch] with direction 0 forwards and 1, where there are two,
 * each sentence reversed on its own (so that padding comes last for both), `mask` [token, batch] and `rowWeights` [batch],
 * which is 0 for rows without a sentence. Ids of padding are 0.
 */
export const sentenceBatch = (
  sentences: readonly WeightedIds[],
  {rows, tokens, directions = 2}: {rows: number; tokens: number; directions?: 1 | 2},
): Record<'ids' | 'weights' | 'mask' | 'rowWeights', BatchInput> => {
  if (sentences.length > rows)
    throw new RangeError(`${sentences.length} sentences do not fit into a batch of ${rows} rows.`);
  const plane = tokens * rows;
  const ids = new Int32Array(directions * plane);
  const weights = new Float32Array(directions * plane);
  const mask = new Float32Array(plane);
  const rowWeights = new Float32Array(rows);
  sentences.forEach((sentence, row) => {
    const {length} = sentence.ids;
    if (length > tokens) throw new RangeError(`A sentence of ${length} tokens does not fit into a batch of ${tokens}.`);
    if (length > 0) rowWeights[row] = 1;
    for (let token = 0; token < length; token++) {
      const at = token * rows + row;
      ids[at] = sentence.ids[token]!;
      weights[at] = sentence.weights[token]!;
      mask[at] = 1;
      if (directions === 1) continue;
      const mirrored = length - 1 - token;
      ids[plane + at] = sentence.ids[mirrored]!;
      weights[plane + at] = sentence.weights[mirrored]!;
    }
  });
  return {
    ids: {dtype: 'int32', shape: [directions, tokens, rows], data: ids},
    weights: {dtype: 'float32', shape: [directions, tokens, rows], data: weights},
    mask: {dtype: 'float32', shape: [tokens, rows], data: mask},
    rowWeights: {dtype: 'float32', shape: [rows], data: rowWeights},
  };
};
