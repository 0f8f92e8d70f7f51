import {describe, expect, it} from 'vitest';
import {fc} from '../seeded.ts';
import {bootstrapInterval} from '../../src/math/bootstrap-interval.ts';
import {bootstrapMedianTest} from '../../src/math/bootstrap-test.ts';
import {mean, median, quantileInPlace, quantileOfSorted, standardDeviation} from '../../src/math/descriptive.ts';
import {pairedBootstrap} from '../../src/math/paired-bootstrap.ts';
import {createSampler} from '../../src/math/sample-table.ts';
import {trinomialSums} from '../../src/math/trinomial-sums.ts';
import {permutationTest} from '../../src/math/permutation-test.ts';
import {createRandom} from '../../src/math/random.ts';
import type {Alternative} from '../../src/math/samples.ts';
import type {Statistic} from '../../src/math/statistic.ts';
import {expectClose, readExpected} from './close.ts';
import {A, B} from './reference.ts';

type Triple = readonly [number, number, number];
interface Expected {
  readonly intervals: readonly {
    readonly samples: number[][];
    readonly statistic: string;
    readonly seed: number;
    readonly estimate: number;
    readonly percentile: [number, number];
    readonly basic: [number, number];
    readonly bca: [number, number];
    readonly studentized: [number, number];
  }[];
  readonly medianTests: readonly {x: number[]; y: number[]; seed: number; pooled: Triple; recentred: Triple}[];
  readonly pairedTests: readonly {d: number[]; seed: number; p: Triple; interval: [number, number]}[];
  readonly permutation: readonly {
    x: number[];
    y: number[];
    alternative: Alternative;
    paired: boolean;
    statistic: number;
    p: number;
  }[];
}

const expected = readExpected('statistics.json') as Expected;
const alternatives: readonly Alternative[] = ['two-sided', 'less', 'greater'];
const statistics: Record<string, Statistic> = {
  mean: x => mean(x),
  variance: x => standardDeviation(x, 0) ** 2,
  meanGap: (x, y) => mean(x) - mean(y),
};
const meanGap = statistics.meanGap!;

describe('bootstrapInterval', () => {
  it('equals SciPy’s intervals of the same resamples', () => {
    for (const row of expected.intervals) {
      for (const method of ['percentile', 'basic', 'bca', 'studentized'] as const) {
        const options = {method, resamples: 199, confidence: 0.9, seed: row.seed};
        const interval = bootstrapInterval(row.samples, statistics[row.statistic]!, options);
        expectClose(interval.estimate, row.estimate, 1e-12);
        expectClose(interval.low, row[method][0], 1e-9, `${method} of ${row.statistic}, seed ${row.seed}, low`);
        expectClose(interval.high, row[method][1], 1e-9, `${method} of ${row.statistic}, seed ${row.seed}, high`);
      }
    }
  });

  it('takes one sample as numbers or as a list of one, typed or not', () => {
    const options = {resamples: 99, seed: 'x'};
    const interval = bootstrapInterval(A, x => mean(x), options);
    expect(bootstrapInterval([Float64Array.from(A)], x => mean(x), options)).toEqual(interval);
    expect(bootstrapInterval(A, x => mean(x), options)).toEqual(interval);
    expect(bootstrapInterval(A, x => mean(x), {...options, seed: 'y'})).not.toEqual(interval);
  });

  it('resamples pairs together when told to', () => {
    const paired = bootstrapInterval([A, B], meanGap, {paired: true, method: 'percentile'});
    const apart = bootstrapInterval([A, B], meanGap, {method: 'percentile'});
    // A − B is nearly constant (.3 to .7) while A and B vary by 2.
    expect(paired.high - paired.low).toBeLessThan(0.1);
    expect(apart.high - apart.low).toBeGreaterThan(0.6);
  });

  it('covers the truth: bootstrap-t where the percentile interval is too narrow', () => {
    // Normal data, n = 5: a nominal 95 % percentile interval covers .845 (4,000 runs in NumPy); 400 runs here, sd .018.
    const random = createRandom('coverage');
    const covered = {percentile: 0, studentized: 0};
    for (let run = 0; run < 400; run++) {
      const sample = Float64Array.from({length: 5}, random.normal);
      for (const method of ['percentile', 'studentized'] as const) {
        const {low, high} = bootstrapInterval(sample, x => mean(x), {method, resamples: 199, seed: run});
        if (low <= 0 && high >= 0) covered[method]++;
      }
    }
    expect(Math.abs(covered.percentile / 400 - 0.845)).toBeLessThan(0.06);
    expect(covered.studentized / 400).toBeGreaterThan(0.91);
  });

  it('is defined for degenerate samples', () => {
    for (const method of ['percentile', 'basic', 'bca', 'studentized'] as const) {
      expect(bootstrapInterval([3, 3, 3], x => mean(x), {method})).toEqual({estimate: 3, low: 3, high: 3});
    }
    // The maximum of a resample never exceeds that of the sample: the bias is infinite on one side.
    const largest = bootstrapInterval([1, 2, 3, 9], x => Math.max(...x), {method: 'bca'});
    expect(Number.isFinite(largest.low) && largest.low <= largest.high && largest.high <= 9).toBe(true);
    expect(() => bootstrapInterval([1], x => mean(x))).toThrow('Sample 0 holds one value');
    expect(() => bootstrapInterval([[1, 2], []], meanGap)).toThrow('The sample 1 is empty');
    expect(() => bootstrapInterval([1, NaN], x => mean(x))).toThrow('NaN at index 1');
    expect(() => bootstrapInterval([1, 2], x => mean(x), {confidence: 95})).toThrow('between 0 and 1, found 95');
    expect(() => bootstrapInterval([1, 2], x => mean(x), {resamples: 0})).toThrow('at least 1, found 0');
  });
});

describe('bootstrapMedianTest', () => {
  it('equals the same resamples worked in NumPy, for both null hypotheses and three alternatives', () => {
    for (const {x, y, seed, ...p} of expected.medianTests) {
      for (const hypothesis of ['pooled', 'recentred'] as const) {
        alternatives.forEach((alternative, at) => {
          const result = bootstrapMedianTest(x, y, {alternative, null: hypothesis, resamples: 999, seed});
          expect(result.p, `${hypothesis} ${alternative} ${seed}`).toBe(p[hypothesis][at]);
          expect(result.statistic).toBe(median(x) - median(y));
        });
      }
    }
  });

  it('is defined for degenerate samples', () => {
    expect(bootstrapMedianTest([1, 1], [1, 1, 1])).toEqual({statistic: 0, p: 1});
    expect(bootstrapMedianTest([5], [5])).toEqual({statistic: 0, p: 1});
    // Two values, pooled: T* = ±1 in a quarter of the resamples each.
    expect(Math.abs(bootstrapMedianTest([1], [0], {alternative: 'greater', null: 'pooled'}).p - 0.25)).toBeLessThan(
      0.022,
    );
    expect(() => bootstrapMedianTest([], [1])).toThrow('The sample x is empty');
  });
});

describe('pairedBootstrap', () => {
  it('equals the same resamples worked in NumPy', () => {
    for (const {d, seed, p, interval} of expected.pairedTests) {
      alternatives.forEach((alternative, at) => {
        const result = pairedBootstrap(
          d,
          d.map(() => 0),
          {alternative, resamples: 499, seed},
        );
        expect(result.p).toBe(p[at]);
        expectClose(result.low, interval[0], 1e-12);
        expectClose(result.high, interval[1], 1e-12);
      });
    }
  });

  it('draws counts for 0/1 scores with the same outcome as drawing examples', () => {
    const random = createRandom('scores');
    const x = Array.from({length: 400}, () => (random.uniform() < 0.8 ? 1 : 0));
    const y = x.map(hit => (random.uniform() < 0.15 ? 1 - hit : hit));
    const counted = pairedBootstrap(x, y, {alternative: 'greater'});
    // A fourth distinct difference, too small to matter, sends it the long way.
    const noise = x.map((hit, at) => hit + at * 1e-13);
    const drawn = pairedBootstrap(noise, y, {alternative: 'greater'});
    expect(counted.statistic).toBeCloseTo(drawn.statistic, 9);
    expect(Math.abs(counted.p - drawn.p)).toBeLessThan(0.02);
    expect(Math.abs(counted.low - drawn.low)).toBeLessThan(0.004);
    expect(Math.abs(counted.high - drawn.high)).toBeLessThan(0.004);
  });

  it('is defined for degenerate samples', () => {
    expect(pairedBootstrap([1, 0, 1], [1, 0, 1])).toEqual({statistic: 0, p: 1, low: 0, high: 0});
    expect(pairedBootstrap([1], [0])).toMatchObject({statistic: 1, p: 1 / 10_001, low: 1, high: 1});
    expect(() => pairedBootstrap([1], [1, 2])).toThrow('same length');
  });
});

describe('trinomialSums', () => {
  /** n draws one after the other: convolutions. */
  const slowly = (n: number, shares: readonly number[]): number[] => {
    let sums = [1];
    for (let draw = 0; draw < n; draw++) {
      const next = Array<number>(sums.length + 2).fill(0);
      sums.forEach((sum, at) => shares.forEach((share, value) => (next[at + value]! += sum * share)));
      sums = next;
    }
    return sums;
  };

  it('equals repeated convolution, tails included, also where some value never comes', () => {
    for (const shares of [
      [0.2, 0.5, 0.3],
      [0.9, 0.09, 0.01],
      [0, 0.4, 0.6],
      [0.4, 0.6, 0],
      [0.3, 0, 0.7],
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 1],
    ] as const) {
      for (const n of [1, 2, 31, 120]) {
        const sums = trinomialSums(n, shares);
        slowly(n, shares).forEach((value, at) => {
          if (value > 1e-290) expectClose(sums[at]!, value, 1e-11, `${n} draws of ${shares.join()}: ${at}`);
          else expect(sums[at]!).toBeLessThan(1e-280);
        });
      }
    }
  });

  it('does not underflow where the first probability is far below the smallest double', () => {
    const [n, shares] = [20_000, [0.16, 0.67, 0.17]] as const;
    const sums = trinomialSums(n, shares);
    const mean = sums.reduce((total, share, at) => total + share * at, 0);
    expectClose(
      sums.reduce((total, share) => total + share, 0),
      1,
      1e-10,
    );
    expectClose(mean, n * 1.01, 1e-10);
    expectClose(
      sums.reduce((total, share, at) => total + share * (at - mean) ** 2, 0),
      n * (0.33 - 0.01 ** 2),
      1e-8,
    );
  });
});

describe('createSampler', () => {
  it('draws every index with its probability, by a chi-square test on committed seeds', () => {
    // 40 draws of 1/4, 1/2, 1/4: sums 0 … 80. Expected counts below 5 are pooled into the tails.
    const probabilities = trinomialSums(40, [0.25, 0.5, 0.25]);
    for (const seed of [1, 2, 3]) {
      const draw = createSampler(probabilities, createRandom(seed));
      const [draws, seen] = [50_000, new Float64Array(81)];
      for (let at = 0; at < draws; at++) seen[draw()]!++;
      let [square, cells, tail, tailSeen] = [0, 0, 0, 0];
      probabilities.forEach((share, at) => {
        const expectedCount = share * draws;
        if (expectedCount < 5) {
          tail += expectedCount;
          tailSeen += seen[at]!;
          return;
        }
        square += (seen[at]! - expectedCount) ** 2 / expectedCount;
        cells++;
      });
      square += (tailSeen - tail) ** 2 / tail;
      // Mean `cells`, variance 2·cells: four standard deviations on either side.
      expect(Math.abs(square - cells)).toBeLessThan(4 * Math.sqrt(2 * cells));
    }
  });

  it('never draws what has no probability', () => {
    const draw = createSampler(Float64Array.of(0, 0, 3, 0, 1, 0), createRandom(8));
    const seen = [0, 0, 0, 0, 0, 0];
    for (let at = 0; at < 4000; at++) seen[draw()]!++;
    expect([seen[0], seen[1], seen[3], seen[5]]).toEqual([0, 0, 0, 0]);
    expect(Math.abs(seen[2]! - 3000)).toBeLessThan(110);
    expect(createSampler(Float64Array.of(0, 1e-300), createRandom(8))()).toBe(1);
  });
});

describe('permutationTest', () => {
  it('equals SciPy’s exact tests', () => {
    for (const {x, y, statistic, p, ...options} of expected.permutation) {
      const result = permutationTest(x, y, {...options, resamples: 99_999});
      expect(result.statistic).toBeCloseTo(statistic, 12);
      expectClose(result.p, p, 1e-12, JSON.stringify({x, y, ...options}));
    }
  });

  it('draws at random when there are too many, and comes near the exact p', () => {
    const [x, y] = [A.slice(0, 8), B.slice(0, 8)];
    const exact = permutationTest(x, y, {resamples: 12_870}).p;
    const drawn = permutationTest(x, y, {resamples: 9999}).p;
    expect(drawn).not.toBe(exact);
    expect(Math.abs(drawn - exact)).toBeLessThan(0.03);
    const exactSigns = permutationTest(x, y, {resamples: 256, paired: true}).p;
    expect(exactSigns).toBe(2 / 256);
    expect(Math.abs(permutationTest(x, y, {resamples: 255, paired: true}).p - exactSigns)).toBeLessThan(0.03);
  });

  it('is defined for degenerate samples', () => {
    expect(permutationTest([1, 1], [1, 1])).toEqual({statistic: 0, p: 1});
    expect(permutationTest([2], [1])).toEqual({statistic: 1, p: 1});
    expect(() => permutationTest([], [])).toThrow('empty');
  });
});

describe('descriptive', () => {
  it('finds quantiles without sorting', () => {
    const values = fc.array(fc.oneof(fc.integer({min: 0, max: 3}), fc.double({noNaN: true, min: -1, max: 1})), {
      minLength: 1,
    });
    fc.assert(
      fc.property(values, fc.double({min: 0, max: 1, noNaN: true}), (list, q) => {
        const sorted = Float64Array.from(list).sort();
        expect(quantileInPlace(Float64Array.from(list), q)).toBeCloseTo(quantileOfSorted(sorted, q), 12);
      }),
    );
  });

  it('sorts small and large buffers for the median', () => {
    for (const length of [1, 2, 5, 40, 41, 1000]) {
      const values = Float64Array.from({length}, (_, at) => Math.sin(at * 7919));
      expect(median(values)).toBe(quantileOfSorted(values.toSorted(), 0.5));
    }
  });
});
