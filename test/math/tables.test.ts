import {describe, expect, it} from 'vitest';
import {
  interquartileMean,
  meanOfTasks,
  medianOfTasks,
  optimalityGap,
  probabilityOfImprovement,
} from '../../src/math/aggregates.ts';
import {performanceProfile} from '../../src/math/performance-profile.ts';
import {almostStochasticOrder} from '../../src/math/stochastic-order.ts';
import {stratifiedInterval} from '../../src/math/stratified-bootstrap.ts';
import {expectClose, readExpected} from './close.ts';
import {A, B, C} from './reference.ts';

interface Expected {
  readonly rliable: readonly {
    readonly scores: number[][];
    readonly other: number[][];
    readonly taus: number[];
    readonly iqm: number;
    readonly mean: number;
    readonly median: number;
    readonly gap: number;
    readonly improvement: number;
    readonly profile: number[];
    readonly iqmInterval: [number, number];
    readonly improvementInterval: [number, number];
  }[];
  readonly aso: readonly {x: number[]; y: number[]; violation: number; deepsig: number}[];
}

const expected = readExpected('statistics.peers.json') as Expected;

describe('aggregates equal rliable’s', () => {
  it('as numbers', () => {
    for (const row of expected.rliable) {
      expectClose(interquartileMean(row.scores), row.iqm, 1e-12);
      expectClose(meanOfTasks(row.scores), row.mean, 1e-12);
      expectClose(medianOfTasks(row.scores), row.median, 1e-12);
      expectClose(optimalityGap(row.scores, 0.8), row.gap, 1e-12);
      expectClose(probabilityOfImprovement(row.scores, row.other), row.improvement, 1e-12);
      const profile = performanceProfile(row.scores, row.taus, {resamples: 50});
      profile.forEach(({share}, at) => expectClose(share, row.profile[at]!, 1e-12));
    }
    const stacked = [A, B, C].map(runs => runs.map(value => value / 100));
    expectClose(optimalityGap(stacked, 0.82), 0.005475, 1e-10);
    expectClose(medianOfTasks(stacked), 0.8171, 1e-10);
  });

  it('with their stratified intervals, within Monte-Carlo error', () => {
    for (const row of expected.rliable) {
      const interval = stratifiedInterval(row.scores, table => interquartileMean(table), {resamples: 8000});
      const width = row.iqmInterval[1] - row.iqmInterval[0];
      expect(interval.estimate).toBe(interquartileMean(row.scores));
      // The standard error of a .025 quantile of 8,000 is about 1.3 % of the width.
      expect(Math.abs(interval.low - row.iqmInterval[0]) / width).toBeLessThan(0.06);
      expect(Math.abs(interval.high - row.iqmInterval[1]) / width).toBeLessThan(0.06);
      const better = stratifiedInterval([row.scores, row.other], (x, y) => probabilityOfImprovement(x, y));
      const reach = row.improvementInterval[1] - row.improvementInterval[0];
      expect(Math.abs(better.low - row.improvementInterval[0]) / reach).toBeLessThan(0.1);
      expect(Math.abs(better.high - row.improvementInterval[1]) / reach).toBeLessThan(0.1);
    }
  });
});

describe('stratifiedInterval', () => {
  const shifted = A.map(value => value - 1);
  const gap = (x?: Float64Array[], y?: Float64Array[]): number => meanOfTasks(x!) - meanOfTasks(y!);

  it('draws runs with shared seeds together when told to', () => {
    const paired = stratifiedInterval([[A], [shifted]], gap, {paired: true});
    expect(paired.high - paired.low).toBeLessThan(1e-9);
    const apart = stratifiedInterval([[A], [shifted]], gap);
    expect(apart.high - apart.low).toBeGreaterThan(0.5);
    expect(() => stratifiedInterval([[A], [A.slice(1)]], gap, {paired: true})).toThrow('found 20 and 19');
  });

  it('draws tasks too when told to, and is wider then', () => {
    const tasks = [A, B, C, A.map(value => value - 20), A.map(value => value + 9)];
    const width = (resampleTasks: boolean): number => {
      const {low, high} = stratifiedInterval(tasks, table => meanOfTasks(table), {resampleTasks});
      return high - low;
    };
    expect(width(true)).toBeGreaterThan(20 * width(false));
  });

  it('is defined for one run a task, and refuses what is empty', () => {
    expect(stratifiedInterval([[3], [5]], table => meanOfTasks(table))).toEqual({estimate: 4, low: 4, high: 4});
    expect(() => stratifiedInterval([], () => 0)).toThrow('at least one task');
    expect(() => stratifiedInterval([[1], []], () => 0)).toThrow('table 0, task 1 is empty');
    expect(() => stratifiedInterval([[[1], [2]], [[1]]], () => 0)).toThrow('same tasks, at least one: found 2 and 1');
    expect(() => optimalityGap([NaN])).toThrow('NaN at index 0');
    expect(() => meanOfTasks([])).toThrow('no tasks');
  });
});

describe('performanceProfile', () => {
  it('falls from 1 to 0 with its interval about it', () => {
    const points = performanceProfile([A, B], [79, 81, 81.5, 82, 84]);
    expect([points[0]!.share, points.at(-1)!.share]).toEqual([1, 0]);
    for (const {low, share, high} of points) expect(low <= share && share <= high).toBe(true);
    // Strictly above: twenty of A, three of which are not above 81.
    const above = (scores: number[]): number => scores.filter(score => score > 81).length / scores.length;
    expect(points[1]!.share).toBeCloseTo((above(A) + above(B)) / 2, 12);
    expect(points[1]!.high - points[1]!.low).toBeGreaterThan(0.1);
  });
});

describe('almostStochasticOrder', () => {
  it('has the exact violation for equal sizes, and a bound near deepsig’s', () => {
    for (const {x, y, violation, deepsig} of expected.aso) {
      const result = almostStochasticOrder(x, y, {resamples: 10_000});
      expectClose(result.violation, violation, 1e-12);
      // Both bounds are drawn: its thousand resamples give σ̂, to which the distance from the violation is proportional, with
      // a standard error of 1/√2000, ours a third of that; its grid misses up to .002.
      const error = (deepsig - violation) / Math.sqrt(2000);
      expect(Math.abs(result.epsMin - deepsig)).toBeLessThan(3 * error + 0.002);
      expect(3 * error + 0.002).toBeLessThan(0.05);
    }
  });

  it('takes Bonferroni’s level by itself', () => {
    const {x, y} = expected.aso[0]!;
    const six = almostStochasticOrder(x, y, {comparisons: 6});
    expect(six.epsMin).toBeCloseTo(almostStochasticOrder(x, y, {confidence: 1 - 0.05 / 6}).epsMin, 12);
    expect(() => almostStochasticOrder(x, y, {comparisons: 0})).toThrow('at least 1, found 0');
  });
});
