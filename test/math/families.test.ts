import {describe, expect, it} from 'vitest';
import {benjaminiHochberg, benjaminiYekutieli, holm} from '../../src/math/correction.ts';
import {a12Interval, cliffsDeltaInterval} from '../../src/math/effect-interval.ts';
import {friedman, nemenyi} from '../../src/math/friedman.ts';
import {mcnemar} from '../../src/math/mcnemar.ts';
import {smallestDifference, tTestPower} from '../../src/math/power.ts';
import {rankTestPower, smallestRankDifference} from '../../src/math/rank-test-power.ts';
import {replicability} from '../../src/math/replicability.ts';
import {expectClose, readExpected} from './close.ts';

interface Expected {
  readonly effects: readonly {
    readonly x: number[];
    readonly y: number[];
    readonly newcombe: [number, number, number];
    readonly newcombe80: [number, number, number];
    readonly brunnerMunzel?: [number, number, number];
  }[];
  readonly mcnemar: readonly [number, number, number, number, number][];
  readonly friedman: readonly {
    readonly scores: number[][];
    readonly statistic: number;
    readonly p: number;
    readonly f: number;
    readonly pOfF: number;
    readonly nemenyi: number[][];
    readonly criticalDifference: number;
  }[];
  readonly corrections: readonly Record<'p' | 'holm' | 'fdr_bh' | 'fdr_by', number[]>[];
  readonly replicability: readonly {
    readonly p: number[];
    readonly bonferroni: number[];
    readonly fisher: number[];
    readonly counts: [number, number];
    readonly tasks: number[];
  }[];
  readonly power: readonly [number, number, number, number, number][];
  readonly detectable: readonly [number, number, number][];
}

const expected = readExpected('statistics.peers.json') as Expected;
const expectAll = (actual: readonly number[], wanted: readonly number[], tolerance = 1e-9): void => {
  expect(actual).toHaveLength(wanted.length);
  actual.forEach((value, at) => expectClose(value, wanted[at]!, tolerance));
};

describe('intervals of effect sizes', () => {
  it('equal statsmodels’ Brunner-Munzel, and Newcombe’s by root finding', () => {
    for (const {x, y, ...row} of expected.effects) {
      const interval = (options: object): number[] => {
        const {estimate, low, high} = a12Interval(x, y, options);
        return [estimate, low, high];
      };
      expectAll(interval({}), row.newcombe);
      expectAll(interval({confidence: 0.8}), row.newcombe80);
      if (row.brunnerMunzel) expectAll(interval({method: 'brunner-munzel'}), row.brunnerMunzel);
    }
  });

  it('mirror when the samples change places, for Cliff’s delta about 0', () => {
    for (const {x, y} of expected.effects) {
      const [one, other] = [cliffsDeltaInterval(x, y), cliffsDeltaInterval(y, x)];
      expect(one.low).toBeCloseTo(-other.high, 12);
      expect(one.estimate).toBeCloseTo(-other.estimate, 12);
    }
  });

  it('are defined for separated, constant and single values', () => {
    const separated = a12Interval([5, 6, 7], [1, 2, 3]);
    expect(separated).toMatchObject({estimate: 1, high: 1});
    expect(separated.low).toBeGreaterThan(0.4);
    expect(separated.low).toBeLessThan(0.8);
    expect(a12Interval([5, 6], [1, 2], {method: 'brunner-munzel'})).toEqual({estimate: 1, low: 1, high: 1});
    const single = a12Interval([1], [1]);
    expect(single.low).toBeLessThan(0.1);
    expect(single.high).toBeGreaterThan(0.9);
    expect(() => a12Interval([1], [1, 2], {method: 'brunner-munzel'})).toThrow('two values a side, found one in x');
    expect(() => a12Interval([1, NaN], [1, 2])).toThrow('NaN at index 1');
  });
});

describe('mcnemar', () => {
  const pairs = (b: number, c: number): [number[], number[]] => [
    [...Array<number>(b).fill(1), ...Array<number>(c).fill(0), 1, 0],
    [...Array<number>(b).fill(0), ...Array<number>(c).fill(1), 1, 0],
  ];

  it('equals statsmodels’', () => {
    for (const [b, c, exact, corrected, plain] of expected.mcnemar) {
      const [x, y] = pairs(b, c);
      expect(mcnemar(x, y)).toMatchObject({onlyFirst: b, onlySecond: c});
      expectClose(mcnemar(x, y).p, exact);
      expectClose(mcnemar(x, y, {method: 'asymptotic', continuity: false}).p, plain);
      // Where b = c statsmodels squares (0 − 1) and says .79 instead of 1.
      expectClose(mcnemar(x, y, {method: 'asymptotic'}).p, b === c ? 1 : corrected);
    }
  });

  it('has sides and a mid-p', () => {
    const [x, y] = pairs(4, 1);
    expect(mcnemar(x, y, {alternative: 'greater'}).p).toBeCloseTo(6 / 32, 14);
    expect(mcnemar(x, y, {alternative: 'less'}).p).toBeCloseTo(31 / 32, 14);
    expect(mcnemar(x, y, {method: 'mid-p', alternative: 'greater'}).p).toBeCloseTo(3.5 / 32, 14);
    expect(mcnemar(x, y, {method: 'mid-p'}).p).toBeCloseTo(7 / 32, 14);
    expect(mcnemar(y, x, {method: 'asymptotic', alternative: 'less'}).p).toBe(
      mcnemar(x, y, {method: 'asymptotic', alternative: 'greater'}).p,
    );
  });

  it('is defined for systems that never differ, and refuses scores', () => {
    expect(mcnemar([1, 0], [1, 0])).toEqual({onlyFirst: 0, onlySecond: 0, p: 1});
    expect(() => mcnemar([1, 0.5], [1, 0])).toThrow('takes 0 and 1, found 0.5 at index 1');
    expect(() => mcnemar([], [])).toThrow('empty');
  });
});

describe('friedman and nemenyi', () => {
  it('equal SciPy’s and scikit-posthocs’', () => {
    for (const {scores, ...row} of expected.friedman) {
      const result = friedman(scores);
      expectAll([result.statistic, result.p, result.f, result.pOfF], [row.statistic, row.p, row.f, row.pOfF]);
      const after = nemenyi(scores);
      expectClose(after.criticalDifference, row.criticalDifference);
      // scikit-posthocs ranks likewise, and says 1 on the diagonal.
      after.p.forEach((line, i) => line.forEach((p, j) => expectClose(p, row.nemenyi[i]![j]!, 1e-8, `${i} ${j}`)));
    }
  });

  it('are defined for ties throughout and for perfect agreement', () => {
    expect(
      friedman([
        [1, 1, 1],
        [2, 2, 2],
      ]),
    ).toMatchObject({statistic: 0, p: 1, f: 0, pOfF: 1, meanRanks: [2, 2, 2]});
    const agreed = friedman([
      [3, 2, 1],
      [9, 8, 7],
      [6, 5, 4],
    ]);
    expect(agreed).toMatchObject({statistic: 6, f: Infinity, pOfF: 0, meanRanks: [1, 2, 3]});
    expect(() => friedman([[1, 2, 3]])).toThrow('two blocks and three treatments, found 1 and 3');
    expect(() =>
      friedman([
        [1, 2, 3],
        [1, 2],
      ]),
    ).toThrow('needs 3 scores, found 2 in block 1');
    expect(() =>
      nemenyi([
        [1, 2, 3],
        [1, 2, NaN],
      ]),
    ).toThrow('NaN at index 2');
  });
});

describe('corrections and replicability', () => {
  it('equal statsmodels’', () => {
    for (const row of expected.corrections) {
      expectAll(holm(row.p), row.holm, 1e-12);
      expectAll(benjaminiHochberg(row.p), row.fdr_bh, 1e-12);
      expectAll(benjaminiYekutieli(row.p), row.fdr_by, 1e-12);
    }
  });

  it('counts tasks by partial conjunctions, and names them by Holm', () => {
    for (const row of expected.replicability) {
      (['bonferroni', 'fisher'] as const).forEach((method, at) => {
        const result = replicability(row.p, {method});
        expectAll(result.partial, row[method]);
        expect(result.count).toBe(row.counts[at]);
        expect(result.tasks).toEqual(row.tasks);
      });
    }
  });

  it('is defined for no task, p = 0 and p = 1', () => {
    expect(replicability([])).toEqual({count: 0, partial: [], tasks: []});
    expect(replicability([0, 0], {method: 'fisher'})).toEqual({count: 2, partial: [0, 0], tasks: [0, 1]});
    expect(replicability([1, 1], {method: 'fisher'})).toEqual({count: 0, partial: [1, 1], tasks: []});
    expect(() => replicability([NaN])).toThrow('found NaN at index 0');
  });
});

describe('power', () => {
  it('of the t test equals statsmodels’', () => {
    for (const [n, m, effect, alpha, power] of expected.power) {
      expectClose(tTestPower(n, m, effect, {alpha}), power, 1e-9, `${n} ${m} ${effect}`);
    }
    for (const [n, power, effect] of expected.detectable) {
      // statsmodels' solver stops early.
      expectClose(smallestDifference(n, n, {power}), effect, 1e-5, `${n} ${power}`);
      expectClose(tTestPower(n, n, smallestDifference(n, n, {power})), power, 1e-10);
    }
  });

  it('of the exact rank test is near other simulations', () => {
    // 2,000 simulations each in SciPy (standard error .011); 4,000 here (.008).
    for (const [n, effect, power] of [
      [5, 1, 0.22],
      [10, 1, 0.51],
      [20, 1, 0.86],
      [20, 0.8, 0.67],
    ] as const) {
      expect(Math.abs(rankTestPower(n, n, effect) - power)).toBeLessThan(0.04);
    }
    // Exact without a difference: P(U ≤ 2 or ≥ 23) of 5 × 5 is 8/252.
    expect(Math.abs(rankTestPower(5, 5, 0) - 8 / 252)).toBeLessThan(0.009);
  });

  it('and the smallest difference are each other’s inverse', () => {
    const smallest = smallestRankDifference(20, 20);
    expect(rankTestPower(20, 20, smallest)).toBeCloseTo(0.8, 2);
    expect(smallest).toBeGreaterThan(smallestDifference(20, 20));
    expect(smallest).toBeLessThan(1.08 * smallestDifference(20, 20));
  });

  it('is defined for too few scores', () => {
    // No p of 3 × 3 is below .1.
    expect(rankTestPower(3, 3, 10)).toBe(0);
    expect(smallestRankDifference(3, 3)).toBe(Infinity);
    expect(smallestDifference(20, 20, {power: 0.01})).toBe(0);
    expect(() => tTestPower(1, 1, 1)).toThrow('three scores in all');
    expect(() => rankTestPower(0, 5, 1)).toThrow('n must be a whole number of at least 1, found 0');
  });
});
