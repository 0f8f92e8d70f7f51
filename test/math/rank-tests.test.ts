import {describe, expect, it} from 'vitest';
import {fc} from '../seeded.ts';
import {a12, cliffsDelta} from '../../src/math/effect-size.ts';
import {tailsOf} from '../../src/math/exact-p.ts';
import {mannWhitneyU} from '../../src/math/mann-whitney.ts';
import {permutationTest} from '../../src/math/permutation-test.ts';
import {rankSumTails, tied} from '../../src/math/rank-sum-distribution.ts';
import type {Alternative} from '../../src/math/samples.ts';
import {wilcoxonSignedRank} from '../../src/math/wilcoxon.ts';
import {expectClose, readExpected} from './close.ts';
import {A, B} from './reference.ts';

interface Expected {
  readonly mannWhitney: readonly {
    readonly x: number[];
    readonly y: number[];
    readonly alternative: Alternative;
    readonly u: number;
    readonly exact?: number;
    readonly asymptotic?: number;
    readonly asymptoticContinuity?: number;
  }[];
  readonly wilcoxon: readonly {
    readonly d: number[];
    readonly alternative: Alternative;
    readonly exact?: number;
    readonly drop: [number, number];
    readonly dropContinuity: [number, number];
    readonly pratt: [number, number];
    readonly prattContinuity: [number, number];
  }[];
}

const expected = readExpected('statistics.json') as Expected;
const alternatives: readonly Alternative[] = ['two-sided', 'less', 'greater'];

describe('mannWhitneyU', () => {
  it(`equals SciPy on ${expected.mannWhitney.length} cases`, () => {
    for (const row of expected.mannWhitney) {
      const {x, y, alternative} = row;
      const what = `${JSON.stringify(row)}:`;
      const result = mannWhitneyU(x, Float64Array.from(y), {alternative, method: 'exact'});
      expect(result.u, what).toBe(row.u);
      expectClose(result.a12, row.u / (x.length * y.length), 1e-15);
      if (row.exact !== undefined) expectClose(result.p, row.exact, 1e-9, what);
      for (const continuity of [true, false]) {
        const p = row[continuity ? 'asymptoticContinuity' : 'asymptotic'];
        if (p === undefined) continue;
        expectClose(mannWhitneyU(x, y, {alternative, method: 'asymptotic', continuity}).p, p, 1e-9, what);
      }
    }
  });

  it('gives the true p of twenty tied accuracies, and SciPy’s asymptotic one', () => {
    // SciPy's `exact` says .018093578658 here, because it ignores the ties.
    const exact = mannWhitneyU(A, B);
    expect(exact).toMatchObject({u: 287, a12: 0.7175, method: 'exact'});
    expect(exact.p).toBeCloseTo(0.0176696621, 10);
    expectClose(mannWhitneyU(A, B, {method: 'asymptotic'}).p, 0.019213080116, 1e-10);
  });

  it('with ties equals every permutation, taken one by one', () => {
    const sample = fc.array(fc.integer({min: 0, max: 4}), {minLength: 1, maxLength: 6});
    fc.assert(
      fc.property(sample, sample, fc.constantFrom(...alternatives), (x, y, alternative) => {
        // The rank sum of x, in another way than the code's: comparisons of pairs.
        const statistic = (a: Float64Array, b: Float64Array): number =>
          a.reduce(
            (sum, first) => b.reduce((u, second) => u + (first > second ? 1 : first === second ? 0.5 : 0), sum),
            0,
          );
        const truth = permutationTest(x, y, {alternative, statistic, resamples: 1000});
        const result = mannWhitneyU(x, y, {alternative, method: 'exact'});
        expect(result.u).toBe(truth.statistic);
        expectClose(result.p, truth.p, 1e-12);
        expect(result.smallest).toBeLessThanOrEqual(result.p * (1 + 1e-12));
      }),
      {numRuns: 300},
    );
  });

  it('stays exact where counts exceed 2⁵³', () => {
    // Then the untied case is walked too: a symmetric distribution with the variance nm(N + 1)/12.
    const [n, m] = [40, 35];
    const large = tied(n, m, Array<number>(n + m).fill(1));
    let [mean, square] = [0, 0];
    large.forEach((share, doubled) => {
      mean += (share * doubled) / 2;
      square += share * (doubled / 2) ** 2;
      expectClose(share, large[2 * n * m - doubled]!, 1e-9);
    });
    expectClose(mean, (n * m) / 2, 1e-12);
    expectClose(square - mean ** 2, (n * m * (n + m + 1)) / 12, 1e-9);
  });

  it('without ties equals the walk over groups of one, at every U', () => {
    for (const [n, m] of [
      [1, 1],
      [1, 7],
      [4, 3],
      [6, 9],
      [20, 20],
    ] as const) {
      const ones = Array<number>(n + m).fill(1);
      const distribution = tied(n, m, ones);
      for (let u = 0; u <= n * m; u++) {
        const [tails, truth] = [rankSumTails(u, n, m, ones), tailsOf(distribution, 2 * u)];
        for (const side of ['less', 'greater', 'lowest', 'highest'] as const) {
          expectClose(tails[side], truth[side], 1e-11, `${side} of ${u}, ${n} × ${m}`);
        }
      }
    }
  });

  it('knows the smallest p that the sizes allow', () => {
    // 2/C(6,3), 2/C(8,4), 2/C(10,5)
    for (const [n, smallest] of [
      [3, 0.1],
      [4, 2 / 70],
      [5, 2 / 252],
    ] as const) {
      const x = Array.from({length: n}, (_, at) => at);
      const result = mannWhitneyU(
        x,
        x.map(value => value + 100),
      );
      expectClose(result.p, smallest, 1e-12);
      expectClose(result.smallest, smallest, 1e-12);
    }
  });

  it('is defined for degenerate samples', () => {
    for (const method of ['exact', 'asymptotic'] as const) {
      expect(mannWhitneyU([1, 1], [1, 1, 1], {method})).toMatchObject({u: 3, p: 1, a12: 0.5});
    }
    expect(mannWhitneyU([2], [1])).toMatchObject({u: 1, p: 1, a12: 1, smallest: 1});
    expect(() => mannWhitneyU([], [1])).toThrow('The sample x is empty');
    expect(() => mannWhitneyU([1], [2, NaN])).toThrow('The sample y holds NaN at index 1: expected finite numbers.');
  });

  it('takes the approximation by itself for large samples only', () => {
    const x = Array.from({length: 60}, (_, at) => Math.sin(at));
    expect(mannWhitneyU(x, x).method).toBe('asymptotic');
    expect(mannWhitneyU(x.slice(0, 40), x).method).toBe('exact');
  });
});

describe('wilcoxonSignedRank', () => {
  it(`equals SciPy on ${expected.wilcoxon.length} cases`, () => {
    for (const row of expected.wilcoxon) {
      const zero = row.d.map(() => 0);
      const {alternative} = row;
      const what = `${JSON.stringify(row)}:`;
      if (row.exact !== undefined) {
        expectClose(wilcoxonSignedRank(row.d, zero, {alternative, method: 'exact'}).p, row.exact, 1e-9, what);
      }
      for (const zeros of ['drop', 'pratt'] as const) {
        for (const continuity of [false, true]) {
          const result = wilcoxonSignedRank(row.d, zero, {alternative, method: 'asymptotic', zeros, continuity});
          const [statistic, p] = row[continuity ? (`${zeros}Continuity` as const) : zeros];
          expect(result.statistic, what).toBe(statistic);
          expectClose(result.p, p, 1e-9, `${zeros} ${continuity} ${what}`);
        }
      }
    }
  });

  it('equals every choice of signs, ties and zeros included', () => {
    const differences = fc.array(fc.integer({min: -4, max: 4}), {minLength: 1, maxLength: 9});
    fc.assert(
      fc.property(differences, fc.constantFrom(...alternatives), (d, alternative) => {
        const ranks = d.filter(value => value !== 0);
        fc.pre(ranks.length > 0);
        const sizes = ranks.map(Math.abs);
        const rank = (value: number): number =>
          sizes.filter(size => size < value).length + (sizes.filter(size => size === value).length + 1) / 2;
        const statistic = (x: Float64Array): number => x.reduce((sum, v) => (v > 0 ? sum + rank(v) : sum), 0);
        // Swapping a pair (d, 0) flips its sign; y holds −d so that a swap really does.
        const truth = permutationTest(
          ranks,
          ranks.map(value => -value),
          {alternative, paired: true, statistic, resamples: 600},
        );
        const result = wilcoxonSignedRank(
          d,
          d.map(() => 0),
          {alternative},
        );
        expectClose(result.p, truth.p, 1e-12);
      }),
      {numRuns: 300},
    );
  });

  it('cannot reach .05 with five pairs, and says so', () => {
    expect(wilcoxonSignedRank([1, 2, 3, 4, 5], [0, 0, 0, 0, 0])).toMatchObject({
      statistic: 0,
      p: 0.0625,
      smallest: 0.0625,
    });
  });

  it('gives SciPy’s p of twenty accuracies by the approximation', () => {
    // SciPy's `auto` approximates when there are ties; ours is then still exact: 2/2²⁰.
    expectClose(wilcoxonSignedRank(A, B, {method: 'asymptotic'}).p, 2.3132535e-5, 1e-7);
    expect(wilcoxonSignedRank(A, B)).toMatchObject({statistic: 0, p: 2 ** -19, method: 'exact'});
  });

  it('is defined for degenerate samples', () => {
    expect(wilcoxonSignedRank([1, 2], [1, 2])).toMatchObject({statistic: 0, p: 1});
    expect(wilcoxonSignedRank([2], [1])).toMatchObject({p: 1, smallest: 1});
    expect(() => wilcoxonSignedRank([1, 2], [1])).toThrow('same length, found 2 and 1');
    expect(() => wilcoxonSignedRank([], [])).toThrow('The sample x is empty');
  });
});

describe('effect sizes', () => {
  it('are the reference values', () => {
    expect(a12(A, B)).toBeCloseTo(0.7175, 12);
    expect(cliffsDelta(A, B)).toBeCloseTo(0.435, 12);
    expect(a12([1, 1], [1])).toBe(0.5);
    expect(cliffsDelta([3, 4], [1, 2])).toBe(1);
  });
});
