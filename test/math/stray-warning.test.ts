import {describe, expect, it} from 'vitest';
import {bootstrapMedianTest} from '../../src/math/bootstrap-test.ts';
import {createRandom} from '../../src/math/random.ts';
import {strayWarning} from '../../src/math/stray-warning.ts';
import {wilcoxonSignedRank} from '../../src/math/wilcoxon.ts';

/** Share of p < .05 of normal samples without a difference. */
const falsePositives = (runs: number, n: number, p: (x: number[], y: number[]) => number): number => {
  const random = createRandom(`stray ${n}`);
  const sample = (): number[] => Array.from({length: n}, random.normal);
  let found = 0;
  for (let run = 0; run < runs; run++) if (p(sample(), sample()) < 0.05) found++;
  return found / runs;
};

describe('strayWarning', () => {
  it('says of the one-sided bootstrap of medians what a simulation says', () => {
    const share = falsePositives(800, 5, (x, y) => {
      return bootstrapMedianTest(x, y, {alternative: 'greater', resamples: 'exact'}).p;
    });
    // The worst of the four shapes was .111, normal scores .105; standard error of 800 runs .011.
    expect(share).toBeGreaterThan(0.07);
    expect(share).toBeLessThan(0.14);
    expect(strayWarning('bootstrap-median-greater', [5, 9])).toBe(
      'This test is too easy: with 5 runs a side, in simulations without a difference, it says p < .05 in up to 11 % of ' +
        'cases.',
    );
  });

  it('says of a signed-rank test of five pairs that it can find nothing', () => {
    expect(falsePositives(200, 5, (x, y) => wilcoxonSignedRank(x, y).p)).toBe(0);
    expect(strayWarning('wilcoxon', [5, 5])).toMatch(/can hardly find anything: with 5 runs a side/);
    expect(strayWarning('bootstrap-median', [5, 5], 'pooled')).toMatch(/can hardly find anything/);
  });

  it('is silent where a test keeps its level, and takes the fewer runs of the two', () => {
    expect(strayWarning('mann-whitney', [5, 5])).toBeNull();
    expect(strayWarning('mann-whitney', [2, 2])).toBeNull();
    expect(strayWarning('bootstrap-median', [20, 24])).toBeNull();
    expect(strayWarning('bootstrap-median-greater', [100, 12])).toContain('with 10 runs a side');
    expect(strayWarning('bootstrap-median-greater', [20, 20], 'pooled')).toBeNull();
    expect(strayWarning('bootstrap-median', [20, 4])).toBe(
      '4 runs a side are too few to resample: this p means little.',
    );
  });
});
