import {describe, expect, it} from 'vitest';
import {fc} from '../seeded.ts';
import {compareRuns, pairBySeed} from '../../src/math/compare-runs.ts';
import {accuracy, f1, matthews, pearson, spearman} from '../../src/math/metrics.ts';
import {pairedBootstrap} from '../../src/math/paired-bootstrap.ts';
import {createRandom} from '../../src/math/random.ts';
import {runsAndExamplesBootstrap} from '../../src/math/runs-and-examples-bootstrap.ts';
import {
  weightedAccuracy,
  weightedF1,
  weightedMatthews,
  weightedPearson,
  weightedSpearman,
} from '../../src/math/weighted-metrics.ts';

describe('weighted metrics', () => {
  const rows = fc.array(fc.tuple(fc.integer({min: 0, max: 3}), fc.integer({min: 0, max: 3}), fc.nat(3)), {
    minLength: 1,
  });

  it('are those of the examples repeated', () => {
    fc.assert(
      fc.property(rows, drawn => {
        fc.pre(drawn.some(([, , count]) => count > 0));
        const counts = Int32Array.from(drawn, ([, , count]) => count);
        const [x, y] = [drawn.map(([value]) => value), drawn.map(([, value]) => value)];
        const repeat = <T>(values: T[]): T[] => values.flatMap((value, at) => Array<T>(counts[at]!).fill(value));
        const [names, others] = [x.map(String), y.map(String)];
        expect(weightedAccuracy(names, others)(counts)).toBeCloseTo(accuracy(repeat(names), repeat(others)), 12);
        expect(weightedF1(names, others, '1')(counts)).toBeCloseTo(f1(repeat(names), repeat(others), '1'), 12);
        expect(weightedMatthews(names, others)(counts)).toBeCloseTo(matthews(repeat(names), repeat(others)), 12);
        expect(weightedPearson(x, y)(counts)).toBeCloseTo(pearson(repeat(x), repeat(y)), 10);
        expect(weightedSpearman(x, y)(counts)).toBeCloseTo(spearman(repeat(x), repeat(y)), 10);
      }),
    );
  });
});

/** Runs of an arm that is right on a share of the examples, the runs differing by `spread`. */
const simulate = (name: string, runs: number, share: number, spread: number) => {
  const random = createRandom(name);
  const difficulty = createRandom('examples');
  const hard = Array.from({length: 300}, () => difficulty.uniform());
  return Array.from({length: runs}, () => {
    const level = share + spread * random.normal();
    const predictions = hard.map(value => (value * 0.8 + random.uniform() * 0.2 < level ? 'right' : 'wrong'));
    return weightedAccuracy(Array<string>(300).fill('right'), predictions);
  });
};

describe('runsAndExamplesBootstrap', () => {
  it('with one run of each arm is the paired bootstrap over examples', () => {
    const [a, b] = [simulate('a', 1, 0.8, 0), simulate('b', 1, 0.76, 0)];
    const hits = (metric: (typeof a)[number]): number[] =>
      Array.from({length: 300}, (_, at) =>
        metric(Int32Array.from({length: 300}, (_, other) => (other === at ? 1 : 0))),
      );
    const both = runsAndExamplesBootstrap(a, b, 300, {resamples: 4000});
    const paired = pairedBootstrap(hits(a[0]!), hits(b[0]!));
    expect(both.statistic).toBeCloseTo(paired.statistic, 12);
    expect(Math.abs(both.p - paired.p)).toBeLessThan(0.03);
    expect(Math.abs(both.low - paired.low)).toBeLessThan(0.008);
    expect(Math.abs(both.high - paired.high)).toBeLessThan(0.008);
  });

  it('is wider when runs differ, and narrower when runs that share seeds are drawn together', () => {
    const width = (a: ReturnType<typeof simulate>, b: ReturnType<typeof simulate>, pairedRuns = false): number => {
      const {low, high} = runsAndExamplesBootstrap(a, b, 300, {resamples: 1000, pairedRuns});
      return high - low;
    };
    const still = width(simulate('a', 8, 0.8, 0), simulate('b', 8, 0.7, 0));
    const varied = [simulate('a', 8, 0.8, 0.1), simulate('b', 8, 0.7, 0.1)] as const;
    expect(width(...varied)).toBeGreaterThan(1.3 * still);
    // The same runs on both sides: paired draws leave no difference at all.
    expect(width(varied[0], varied[0], true)).toBe(0);
    expect(width(varied[0], varied[0])).toBeGreaterThan(0.02);
  });

  it('finds a large difference and not one that is not there', () => {
    const found = runsAndExamplesBootstrap(simulate('a', 5, 0.85, 0.01), simulate('b', 5, 0.7, 0.01), 300);
    expect(found.p).toBe(1 / 2001);
    expect(found.low).toBeGreaterThan(0);
    const none = runsAndExamplesBootstrap(simulate('a', 5, 0.8, 0.02), simulate('c', 5, 0.8, 0.02), 300);
    expect(none.p).toBeGreaterThan(0.05);
  });

  it('refuses what it cannot compare', () => {
    const run = simulate('a', 2, 0.5, 0);
    expect(() => runsAndExamplesBootstrap(run, [], 300)).toThrow('at least one run');
    expect(() => runsAndExamplesBootstrap(run, run.slice(1), 300, {pairedRuns: true})).toThrow('found 2 and 1');
  });
});

describe('compareRuns', () => {
  const runs = (...values: number[]) => values.map((value, at) => ({seed: at + 1, value}));
  const options = {
    tests: ['bootstrap-median', 'bootstrap-median-greater', 'mann-whitney', 'wilcoxon'],
    null: 'recentred',
    resamples: 999,
    confidence: 0.95,
    seed: 'x',
  } as const;

  it('makes every test of two arms, with the smallest p each could have', () => {
    const tests = compareRuns(runs(5, 6, 7, 8, 9), runs(1, 2, 3, 4, 4.5), options);
    expect(tests.map(({kind, alternative, smallest}) => [kind, alternative, smallest])).toEqual([
      ['bootstrap-median', 'two-sided', 0.001],
      ['bootstrap-median-greater', 'greater', 0.001],
      ['mann-whitney', 'two-sided', expect.closeTo(2 / 252, 12)],
      ['wilcoxon', 'two-sided', 0.0625],
    ]);
    for (const test of tests) expect(test).toMatchObject({effect: 1, n: [5, 5], difference: 4});
    expect(tests[2]!.p).toBeCloseTo(2 / 252, 12);
    expect(tests[0]!.interval[0]).toBeGreaterThan(0);
  });

  it('leaves out the paired test where seeds are not shared', () => {
    const tests = compareRuns(runs(5, 6), runs(1, 2, 3), options);
    expect(tests.map(test => test.kind)).toEqual(['bootstrap-median', 'bootstrap-median-greater', 'mann-whitney']);
  });

  it('says nothing of single runs, which resampling would make certain', () => {
    expect(compareRuns(runs(5), runs(1), options)).toEqual([]);
    expect(compareRuns(runs(5), runs(1, 2, 3, 4, 4.5), options)).toEqual([]);
  });

  it('pairs by seed, whatever the order', () => {
    const a = [
      {seed: 2, value: 20},
      {seed: 1, value: 10},
    ];
    expect(pairBySeed(a, runs(1, 2))).toEqual({x: [20, 10], y: [2, 1]});
    expect(pairBySeed([...a, {seed: 1, value: 11}], runs(1, 2, 3))).toBeNull();
    expect(pairBySeed([{seed: null, value: 1}], [{seed: null, value: 1}])).toBeNull();
  });
});
