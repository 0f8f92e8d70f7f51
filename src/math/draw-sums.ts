import {addLookups, largestTable, tupleSums} from './lookups.ts';
import type {Random} from './random.ts';
import {createSampler} from './sample-table.ts';

/**
 * Adds to each of `sums` the sum of `draws` values drawn with replacement, apart for each: resamples. They have the
 * distribution of sums taken value by value, but of few values whole tuples are drawn, and many are drawn in blocks.
 */
export const addDraws = (sums: Float64Array, values: Float64Array, draws: number, random: Random): void => {
  if (Math.min(values.length, draws) >= smallestInBlocks) addBlocks(sums, values, draws, random);
  else addTuples(sums, values, draws, random);
};

/** The means of so many resamples of as many values as there are. */
export const drawMeans = (values: Float64Array, resamples: number, random: Random): Float64Array => {
  const means = new Float64Array(resamples);
  addDraws(means, scaled(values, 1 / values.length), values.length, random);
  return means;
};

/** The differences of the means of a resample of `draws[0]` values of `x` and one of `draws[1]` of `y`. */
export const drawMeanGaps = (
  x: Float64Array,
  y: Float64Array,
  draws: readonly [number, number],
  resamples: number,
  random: Random,
): Float64Array => {
  const gaps = new Float64Array(resamples);
  addDraws(gaps, scaled(x, 1 / draws[0]), draws[0], random);
  addDraws(gaps, scaled(y, -1 / draws[1]), draws[1], random);
  return gaps;
};

const scaled = (values: Float64Array, by: number): Float64Array => values.map(value => value * by);

/** Below this the blocks' own work costs more than it saves. */
export const smallestInBlocks = 400;

/** Of twenty values the 8,000 triples are a table of 64 kB: a resample is six triples and a pair. */
const addTuples = (sums: Float64Array, values: Float64Array, draws: number, random: Random): void => {
  let [length, entries] = [1, values.length];
  // A table pays when it is much smaller than the draws that it saves.
  const largest = Math.min(largestTable / 2, (sums.length * draws) / 16);
  while (length < draws && entries * values.length <= largest) {
    length++;
    entries *= values.length;
  }
  addLookups(sums, tupleSums(values, length), Math.floor(draws / length), random);
  const rest = draws % length;
  if (rest > 0) addLookups(sums, tupleSums(values, rest), 1, random);
};

/** The sums of the pairs of a block of this size are 128 kB, and 2¹⁴ entries are bits of a word as they are. */
const blockSize = 128;

/** So many resamples at a time, which bounds the memory for their counts. */
const batchSize = 4096;

/**
 * How many draws fall into each block of 128 values is drawn first, then within a block pairs of draws from the table of
 * its pairs' sums: half the draws, from a table that stays in the cache while all resamples use it.
 *
 * The counts of the blocks should be multinomial. They are drawn as independent Poisson numbers with a mean a little below
 * the block's size: given their total, whatever it is, that many draws are uniform over all values, so the draws that the
 * total lacks are made singly, and a total that is too large (6 resamples in 1,000) is drawn again.
 */
const addBlocks = (sums: Float64Array, values: Float64Array, draws: number, random: Random): void => {
  const size = values.length;
  const each = (draws - 2.5 * Math.sqrt(draws)) / size;
  const blocks = Array.from({length: Math.ceil(size / blockSize)}, (_, at) =>
    values.subarray(at * blockSize, (at + 1) * blockSize),
  );
  const full = createSampler(poissonWeights(each * blockSize), random);
  const last = createSampler(poissonWeights(each * blocks.at(-1)!.length), random);
  for (let from = 0; from < sums.length; from += batchSize) {
    const batch = sums.subarray(from, from + batchSize);
    const counts = blocks.map(() => new Uint16Array(batch.length));
    const missing = new Uint16Array(batch.length);
    for (let r = 0; r < batch.length; r++) {
      for (let total = Infinity; total > draws;) {
        total = 0;
        for (let block = 0; block < counts.length; block++) {
          total += counts[block]![r] = block === counts.length - 1 ? last() : full();
        }
        missing[r] = draws - total;
      }
    }
    blocks.forEach((block, at) => {
      addLookups(
        batch,
        tupleSums(block, 2),
        counts[at]!.map(count => count >> 1),
        random,
      );
      addLookups(
        batch,
        block,
        counts[at]!.map(count => count & 1),
        random,
      );
    });
    addSingly(batch, values, missing, random);
  }
};

const addSingly = (sums: Float64Array, values: Float64Array, counts: Uint16Array, random: Random): void => {
  if (values.length <= largestTable) return addLookups(sums, values, counts, random);
  for (let r = 0; r < sums.length; r++) {
    for (let left = counts[r]!; left > 0; left--) sums[r]! += values[random.integer(values.length)]!;
  }
};

/** Index k holds meanᵏ/k!, up to where the rest is below the resolution of a uniform number. */
const poissonWeights = (mean: number): Float64Array => {
  const weights = new Float64Array(Math.ceil(mean + 10 * Math.sqrt(mean) + 20));
  weights[0] = 1;
  for (let k = 1; k < weights.length; k++) weights[k] = (weights[k - 1]! * mean) / k;
  return weights;
};
