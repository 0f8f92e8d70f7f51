import {chiSquareTail} from './chi-square.ts';
import {midranks, type Numbers} from './ranks.ts';
import {checkSample} from './samples.ts';
import {fTail} from './student-t.ts';
import {studentizedRangeQuantile, studentizedRangeTail} from './studentized-range.ts';

export interface FriedmanResult {
  /** χ²_F with the correction for ties, and its p with k − 1 degrees of freedom. */
  readonly statistic: number;
  readonly p: number;
  /** Iman and Davenport's F, less timid: (N − 1)χ²/(N(k − 1) − χ²), and its p with k − 1 and (k − 1)(N − 1). */
  readonly f: number;
  readonly pOfF: number;
  /** Of each treatment, 1 for the highest score. */
  readonly meanRanks: number[];
}

/**
 * Friedman's test (1937) of k ≥ 3 treatments (arms) on N ≥ 2 blocks (tasks): do any differ? As
 * `scipy.stats.friedmanchisquare`. Demšar 2006 describes its use over data sets. When all blocks are tied throughout, the
 * statistic is 0 and p is 1; when all blocks agree on one order, F is infinite and its p 0.
 *
 * @param scores [block][treatment]
 */
export const friedman = (scores: readonly Numbers[]): FriedmanResult => {
  const [blocks, treatments] = [scores.length, checkTable(scores)];
  const {meanRanks, ties} = rankBlocks(scores);
  const expected = (treatments + 1) / 2;
  let squares = 0;
  for (const rank of meanRanks) squares += (rank - expected) * (rank - expected);
  const scale = 1 - ties / (treatments * (treatments * treatments - 1) * blocks);
  const statistic = scale === 0 ? 0 : (12 * blocks * squares) / (treatments * (treatments + 1)) / scale;
  const rest = blocks * (treatments - 1) - statistic;
  const f = rest <= 1e-12 * statistic ? Infinity : ((blocks - 1) * statistic) / rest;
  return {
    statistic,
    p: chiSquareTail(statistic, treatments - 1),
    f,
    pOfF: f === Infinity ? 0 : fTail(f, treatments - 1, (treatments - 1) * (blocks - 1)),
    meanRanks,
  };
};

export interface NemenyiResult {
  readonly meanRanks: number[];
  /** Mean ranks that differ by at least so much differ significantly at `alpha`. */
  readonly criticalDifference: number;
  /** [i][j]: adjusted for all pairs; 1 on the diagonal. */
  readonly p: number[][];
}

/**
 * Nemenyi's test (1963) of all pairs after Friedman's: mean ranks differ when they are (q/√2)·sqrt(k(k + 1)/(6N)) apart, q
 * the quantile of the studentised range (Demšar 2006, section 3.2.2). The √2 is there because q is of a range, not of
 * a difference with variance 2.
 *
 * @param scores [block][treatment]
 */
export const nemenyi = (scores: readonly Numbers[], alpha = 0.05): NemenyiResult => {
  const [blocks, treatments] = [scores.length, checkTable(scores)];
  const {meanRanks} = rankBlocks(scores);
  const unit = Math.sqrt((treatments * (treatments + 1)) / (6 * blocks)) / Math.SQRT2;
  return {
    meanRanks,
    criticalDifference: studentizedRangeQuantile(alpha, treatments) * unit,
    p: meanRanks.map(first =>
      meanRanks.map(second => studentizedRangeTail(Math.abs(first - second) / unit, treatments)),
    ),
  };
};

/** Ranks within each block, 1 for the highest; `ties` is Σ(t³ − t) over groups of equal scores. */
const rankBlocks = (scores: readonly Numbers[]): {meanRanks: number[]; ties: number} => {
  const sums = Array.from(scores[0]!, () => 0);
  let ties = 0;
  for (const block of scores) {
    midranks(Float64Array.from(block, score => -score)).forEach((rank, at) => (sums[at]! += rank));
    const sizes = new Map<number, number>();
    for (const score of Array.from(block)) sizes.set(score, (sizes.get(score) ?? 0) + 1);
    for (const size of sizes.values()) ties += size * size * size - size;
  }
  return {meanRanks: sums.map(sum => sum / scores.length), ties};
};

/** How many treatments there are. */
const checkTable = (scores: readonly Numbers[]): number => {
  const treatments = scores[0]?.length ?? 0;
  if (scores.length < 2 || treatments < 3) {
    throw new RangeError(
      `Friedman's test needs two blocks and three treatments, found ${scores.length} and ${treatments}.`,
    );
  }
  scores.forEach((block, at) => {
    checkSample(`of block ${at}`, block);
    if (block.length !== treatments) {
      throw new RangeError(`Every block needs ${treatments} scores, found ${block.length} in block ${at}.`);
    }
  });
  return treatments;
};
