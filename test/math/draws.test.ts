import {describe, expect, it} from 'vitest';
import {bootstrapInterval} from '../../src/math/bootstrap-interval.ts';
import {mean, median} from '../../src/math/descriptive.ts';
import {addDraws, drawMeanGaps, drawMeans} from '../../src/math/draw-sums.ts';
import {addLookups, tupleSums} from '../../src/math/lookups.ts';
import {medianDistribution} from '../../src/math/median-distribution.ts';
import {createRandom, type Random} from '../../src/math/random.ts';
import {trinomialSums} from '../../src/math/trinomial-sums.ts';
import {expectClose, readExpected} from './close.ts';
import {A, B} from './reference.ts';

/** Pearson's statistic of counts against probabilities, cells below five joined; four standard deviations are allowed. */
const expectDistribution = (counts: Map<number, number>, probabilities: Map<number, number>, draws: number): void => {
  let [square, cells, tail, tailSeen] = [0, -1, 0, 0];
  let seen = 0;
  for (const [value, probability] of probabilities) {
    const [wanted, found] = [probability * draws, counts.get(value) ?? 0];
    seen += found;
    if (wanted < 5) {
      tail += wanted;
      tailSeen += found;
    } else {
      square += (found - wanted) ** 2 / wanted;
      cells++;
    }
  }
  expect(seen).toBe(draws);
  if (tail > 1) square += (tailSeen - tail) ** 2 / tail;
  expect(Math.abs(square - cells)).toBeLessThan(4 * Math.sqrt(2 * cells) + 1);
};

const countsOf = (values: Iterable<number>): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

describe('addLookups', () => {
  it('follows the stream of words, and leaves it where that is', () => {
    for (const size of [1, 7, 20, 4096, 30_000, 32_768]) {
      const [ours, theirs] = [createRandom(size), createRandom(size)];
      const sums = new Float64Array(5);
      const values = Float64Array.from({length: size}, (_, at) => at);
      addLookups(sums, values, 13, ours);
      const wanted = Array.from(sums, () => {
        let sum = 0;
        for (let left = 13; left > 0;) {
          const word = theirs.uint32();
          const halves = [word % 65536, Math.floor(word / 65536)].map(half => half * size);
          if (halves.some(half => half % 65536 < 65536 % size)) continue;
          for (const half of halves) if (left-- > 0) sum += Math.floor(half / 65536);
        }
        return sum;
      });
      expect([...sums]).toEqual(wanted);
      expect(ours.state()).toEqual(theirs.state());
    }
  });

  it('takes a count for each sum, none included', () => {
    const sums = new Float64Array(4);
    addLookups(sums, Float64Array.of(1), Uint16Array.of(0, 1, 2, 9), createRandom(1));
    expect([...sums]).toEqual([0, 1, 2, 9]);
    expect([...tupleSums(Float64Array.of(1, 10), 3)]).toEqual([3, 12, 12, 21, 12, 21, 21, 30]);
  });
});

/** Sums of resamples, of whole numbers exact. */
const drawSums = (values: Float64Array, draws: number, resamples: number, random: Random): Float64Array => {
  const sums = new Float64Array(resamples);
  addDraws(sums, values, draws, random);
  return sums;
};

describe('addDraws', () => {
  it('of few values, by tuples, has the distribution of all resamples', () => {
    // 4 draws of 4 values in all 256 ways; few resamples take them one by one, many in pairs and more.
    const values = Float64Array.of(0, 1, 5, 25);
    const all = countsOf(tupleSums(values, 4));
    const probabilities = new Map([...all].map(([sum, ways]) => [sum, ways / 256]));
    for (const resamples of [400, 3000, 40_000]) {
      expectDistribution(countsOf(drawSums(values, 4, resamples, createRandom(2))), probabilities, resamples);
    }
    expect(drawSums(values, 4, 15, createRandom(2)).every(sum => probabilities.has(sum))).toBe(true);
    // A number of draws that is no multiple of the tuples' length, nor the number of values.
    const five = countsOf(tupleSums(values, 5));
    const odd = drawSums(values, 5, 40_000, createRandom(3));
    expectDistribution(countsOf(odd), new Map([...five].map(([sum, ways]) => [sum, ways / 1024])), 40_000);
  });

  it('of many values, by blocks, has the distribution of all resamples', () => {
    // 1,000 values 0, 1 and 2, sorted so that blocks differ: sums of 1,000 draws have a known distribution.
    const [none, one] = [600, 250];
    const values = Float64Array.from({length: 1000}, (_, at) => (at < none ? 0 : at < none + one ? 1 : 2));
    const known = trinomialSums(1000, [0.6, 0.25, 0.15]);
    const probabilities = new Map([...known].map((share, sum) => [sum, share]));
    for (const seed of [1, 2]) {
      expectDistribution(countsOf(drawSums(values, 1000, 30_000, createRandom(seed))), probabilities, 30_000);
    }
    // Fewer draws than values, more than one batch, and a last block of 1000 − 7·128.
    const fewer = trinomialSums(500, [0.6, 0.25, 0.15]);
    const sums = drawSums(values, 500, 10_000, createRandom(5));
    expectDistribution(countsOf(sums), new Map([...fewer].map((share, sum) => [sum, share])), 10_000);
  });

  it('draws resamples apart from each other', () => {
    const values = Float64Array.from({length: 600}, (_, at) => Math.sin(at));
    const sums = drawMeans(values, 5000, createRandom(7));
    const centre = mean(sums);
    let [lagged, squares] = [0, 0];
    for (let at = 1; at < sums.length; at++) {
      lagged += (sums[at]! - centre) * (sums[at - 1]! - centre);
      squares += (sums[at]! - centre) ** 2;
    }
    expect(Math.abs(lagged / squares)).toBeLessThan(4 / Math.sqrt(5000));
  });
});

describe('drawMeanGaps', () => {
  it('are the differences of two means, of as many draws as asked for', () => {
    const [x, y] = [Float64Array.of(3, 3, 3), Float64Array.of(1, 1)];
    for (const gap of drawMeanGaps(x, y, [5, 4], 10, createRandom(1))) expect(gap).toBeCloseTo(2, 12);
    const gaps = drawMeanGaps(Float64Array.from(A), Float64Array.from(B), [20, 20], 20_000, createRandom(1));
    expect(Math.abs(mean(gaps) - (mean(A) - mean(B)))).toBeLessThan(0.006);
  });
});

describe('medianDistribution', () => {
  const expected = (readExpected('statistics.peers.json') as {medians: readonly MedianRow[]}).medians;
  interface MedianRow {
    readonly sample: number[];
    readonly draws: number;
    readonly values: number[];
    readonly counts: number[];
  }
  const merged = (sample: readonly number[], draws: number): Map<number, number> => {
    const {values, probabilities} = medianDistribution(sample, draws);
    const shares = new Map<number, number>();
    values.forEach((value, at) => shares.set(value, (shares.get(value) ?? 0) + probabilities[at]!));
    return shares;
  };

  it('equals every resample, taken one by one', () => {
    for (const {sample, draws, values, counts} of expected) {
      const shares = merged(sample, draws);
      const all = sample.length ** draws;
      values.forEach((value, at) =>
        expectClose(shares.get(value) ?? 0, counts[at]! / all, 1e-11, `${sample} ${value}`),
      );
      expectClose(
        [...shares.values()].reduce((sum, share) => sum + share, 0),
        1,
        1e-12,
      );
    }
  });

  it('is what resampling comes near', () => {
    const interval = (statistic: 'median' | ((x: Float64Array, y: Float64Array) => number)) =>
      bootstrapInterval([A, B], statistic, {resamples: 20_000, method: 'percentile'});
    const [named, drawn] = [interval('median'), interval((x, y) => median(x) - median(y))];
    expect(named.estimate).toBe(drawn.estimate);
    expect(Math.abs(named.low - drawn.low)).toBeLessThan(0.06);
    expect(Math.abs(named.high - drawn.high)).toBeLessThan(0.06);
  });
});

describe('bootstrapInterval by name', () => {
  it('has the intervals of the function, but for the draws', () => {
    for (const method of ['percentile', 'basic', 'bca', 'studentized'] as const) {
      const options = {resamples: method === 'studentized' ? 2000 : 20_000, method};
      const named = bootstrapInterval([A, B], 'mean', options);
      const drawn = bootstrapInterval([A, B], (x, y) => mean(x) - mean(y), options);
      expect(named.estimate).toBe(drawn.estimate);
      expect(Math.abs(named.low - drawn.low)).toBeLessThan(0.05);
      expect(Math.abs(named.high - drawn.high)).toBeLessThan(0.05);
    }
    const paired = bootstrapInterval([A, B], 'mean', {paired: true});
    expect(paired.high - paired.low).toBeLessThan(0.1);
    expect(bootstrapInterval([A, B], 'median', {paired: true}).high).toBeLessThan(0.8);
    expect(bootstrapInterval(A, 'mean', {seed: 4})).toEqual(bootstrapInterval(A, 'mean', {seed: 4}));
  });

  it('is defined for constants and refuses three samples', () => {
    expect(bootstrapInterval([3, 3, 3], 'mean')).toEqual({estimate: 3, low: 3, high: 3});
    expect(bootstrapInterval([3, 3, 3, 3], 'median')).toEqual({estimate: 3, low: 3, high: 3});
    expect(() => bootstrapInterval([A, B, A], 'mean')).toThrow('of one sample or two, found 3');
  });
});
