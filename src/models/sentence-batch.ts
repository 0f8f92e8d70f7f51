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
  /** How many average batches a shape more must save in padding to be worth its compilation. */
  readonly shapeCost?: number;
}

/** `shapeCost` where texts are gone through once: an estimate of how many batches' time the compiling of a forward pass takes. */
export const onePass = 4;

/** Lengths for batches that are not planned together: few, because each is a shape to compile. */
const usualLengths = [4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128];

/** The length that a batch of up to `length` tokens is padded to when nothing is known of the others. */
export const paddedLength = (length: number): number =>
  usualLengths.find(usual => usual >= length) ?? Math.ceil(length / 32) * 32;

/**
 * The lengths that cost least in padded places and compiled shapes together, by dynamic programming over all lengths: of two
 * neighbours s < e, the batches between them, ⌊n(e) / rows⌋ - ⌊n(s) / rows⌋ where n(l) sentences have up to l tokens, have e
 * tokens each. What is left over of a length joins the next longer one; the longest takes what is left at last.
 */
const bestLengths = (counts: readonly number[], rows: number, shapeCost: number): number[] => {
  const longest = counts.length - 1;
  const batches = [0];
  const total = counts.reduce((sum, count) => sum + count, 0);
  let [shorter, tokens] = [0, 0];
  for (let length = 1; length <= longest; length++) {
    shorter += counts[length]!;
    tokens += counts[length]! * length;
    batches.push(length === longest ? Math.ceil(total / rows) : Math.floor(shorter / rows));
  }
  const shape = (shapeCost * tokens) / total;
  const cost = [0];
  const previous = [0];
  for (let end = 1; end <= longest; end++) {
    cost.push(Infinity);
    for (let start = 0; start < end; start++) {
      const whole = cost[start]! + (batches[end]! - batches[start]!) * end + shape;
      if (whole < cost[end]!) [cost[end], previous[end]] = [whole, start];
    }
  }
  const lengths: number[] = [];
  for (let end = longest; end > 0; end = previous[end]!) lengths.unshift(end);
  return lengths;
};

/**
 * Batches of similar lengths, all of the same number of rows; only the last of the longest has empty rows. The same lengths
 * give the same shapes and numbers of batches in every order.
 */
export const planBatches = (lengths: readonly number[], {rows, random, shapeCost = 0.5}: PlanOptions): BatchPlan[] => {
  if (!Number.isInteger(rows) || rows < 1) throw new RangeError(`A batch needs at least one row, found ${rows}.`);
  const members: number[][] = [];
  lengths.forEach((length, at) => (members[Math.max(1, length)] ??= []).push(at));
  const plans: BatchPlan[] = [];
  let waiting: number[] = [];
  let length = 1;
  for (const tokens of bestLengths(
    Array.from(members, own => own?.length ?? 0),
    rows,
    shapeCost,
  )) {
    const between = members
      .slice(length, tokens + 1)
      .flat()
      .sort((a, b) => a - b);
    random?.shuffle(between);
    waiting = waiting.concat(between);
    length = tokens + 1;
    const isLast = length === members.length;
    const end = isLast ? waiting.length : waiting.length - (waiting.length % rows);
    for (let from = 0; from < end; from += rows)
      plans.push({members: waiting.slice(from, Math.min(from + rows, end)), rows, tokens});
    waiting = waiting.slice(end);
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
