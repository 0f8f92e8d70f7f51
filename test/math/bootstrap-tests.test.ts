import {describe, expect, it} from 'vitest';
import {fc} from '../seeded.ts';
import {bootstrapTestDefinition} from '../../src/math/bootstrap-definition.ts';
import {bootstrapMeanTest, bootstrapMedianTest} from '../../src/math/bootstrap-test.ts';
import {mean, median} from '../../src/math/descriptive.ts';
import {pairedBootstrap} from '../../src/math/paired-bootstrap.ts';
import {createRandom} from '../../src/math/random.ts';
import type {Alternative, NullHypothesis} from '../../src/math/samples.ts';
import {A, B} from './reference.ts';

const alternatives: readonly Alternative[] = ['two-sided', 'less', 'greater'];
const hypotheses: readonly NullHypothesis[] = ['pooled', 'recentred'];

/** Every list of `length` of the values. */
const everyDraw = (values: readonly number[], length: number): number[][] =>
  length === 0 ? [[]] : everyDraw(values, length - 1).flatMap(head => values.map(value => [...head, value]));

/** p by every pair of resamples. */
const bruteForce = (
  of: (values: readonly number[]) => number,
  x: readonly number[],
  y: readonly number[],
  alternative: Alternative,
  hypothesis: NullHypothesis,
): number => {
  const [first, second] =
    hypothesis === 'pooled'
      ? [
          [...x, ...y],
          [...x, ...y],
        ]
      : [x, y];
  const observed = of(x) - of(y);
  const centre = hypothesis === 'pooled' ? 0 : observed;
  const [a, b] = [everyDraw(first, x.length).map(of), everyDraw(second, y.length).map(of)];
  let reached = 0;
  for (const one of a) {
    for (const other of b) {
      const t = one - other - centre;
      const isReached =
        alternative === 'greater'
          ? t >= observed - 1e-9
          : alternative === 'less'
            ? t <= observed + 1e-9
            : Math.abs(t) >= Math.abs(observed) - 1e-9;
      if (isReached) reached++;
    }
  }
  return reached / (a.length * b.length);
};

const small = fc.array(fc.integer({min: 0, max: 6}), {minLength: 1, maxLength: 3});

describe('bootstrapMedianTest, exact', () => {
  it('equals every pair of resamples', () => {
    fc.assert(
      fc.property(
        small,
        small,
        fc.constantFrom(...alternatives),
        fc.constantFrom(...hypotheses),
        (x, y, alternative, hypothesis) => {
          const exact = bootstrapMedianTest(x, y, {alternative, null: hypothesis, resamples: 'exact'});
          expect(exact.statistic).toBe(median(x) - median(y));
          expect(exact.p).toBeCloseTo(bruteForce(median, x, y, alternative, hypothesis), 12);
        },
      ),
      {numRuns: 150},
    );
  });

  it('is what resamples come near', () => {
    for (const hypothesis of hypotheses) {
      for (const alternative of alternatives) {
        const options = {alternative, null: hypothesis};
        const drawn = bootstrapMedianTest(A, B, {...options, resamples: 20_000}).p;
        expect(Math.abs(bootstrapMedianTest(A, B, {...options, resamples: 'exact'}).p - drawn)).toBeLessThan(0.013);
      }
    }
  });

  it('is defined for degenerate samples, and can be 0', () => {
    expect(bootstrapMedianTest([1, 1], [1, 1, 1], {resamples: 'exact'})).toEqual({statistic: 0, p: 1});
    expect(bootstrapMedianTest([5], [3], {resamples: 'exact'})).toEqual({statistic: 2, p: 0});
    expect(bootstrapMedianTest([1], [0], {resamples: 'exact', null: 'pooled', alternative: 'greater'}).p).toBe(0.25);
    const many = Array.from({length: 300}, (_, at) => at);
    expect(() => bootstrapMedianTest(many, many, {resamples: 'exact'})).toThrow('at most 500 values, found 600');
  });
});

describe('bootstrapMeanTest', () => {
  it('comes near every pair of resamples', () => {
    for (const [x, y] of [
      [
        [1, 4, 6],
        [0, 2, 3],
      ],
      [
        [5, 5.5],
        [1, 3, 8],
      ],
    ] as const) {
      for (const hypothesis of hypotheses) {
        for (const alternative of alternatives) {
          const options = {alternative, null: hypothesis, studentized: false, resamples: 20_000};
          const result = bootstrapMeanTest(x, y, options);
          expect(result.statistic).toBe(mean(x) - mean(y));
          const truth = bruteForce(mean, x, y, alternative, hypothesis);
          expect(Math.abs(result.p - truth), `${hypothesis} ${alternative}`).toBeLessThan(0.015);
        }
      }
    }
  });

  it('studentised keeps its level where the plain one does not', () => {
    const random = createRandom('level');
    const found = {true: 0, false: 0};
    for (let run = 0; run < 500; run++) {
      const [x, y] = [Array.from({length: 5}, random.normal), Array.from({length: 5}, random.normal)];
      for (const studentized of [true, false]) {
        const {p} = bootstrapMeanTest(x, y, {studentized, resamples: 199, seed: run});
        if (p < 0.05) found[`${studentized}`]++;
      }
    }
    expect(found.true).toBeLessThan(35);
    expect(found.false).toBeGreaterThan(found.true + 10);
  });

  it('is defined for constants, and says what one value allows', () => {
    expect(bootstrapMeanTest([1, 1], [1, 1, 1])).toEqual({statistic: 0, p: 1});
    expect(bootstrapMeanTest([0.1, 0.1, 0.1], [0.2, 0.2]).p).toBe(1 / 10_001);
    expect(bootstrapMeanTest([5], [3], {studentized: false})).toEqual({statistic: 2, p: 1 / 10_001});
    expect(() => bootstrapMeanTest([5], [3, 4])).toThrow('two values a side: found one');
    expect(() => bootstrapMeanTest([5, NaN], [3, 4])).toThrow('NaN at index 1');
  });
});

describe('pairedBootstrap of many real scores', () => {
  it('has the spread that the data say', () => {
    const random = createRandom('scores');
    const y = Float64Array.from({length: 3000}, random.normal);
    const x = y.map(value => value + 0.02 + 0.5 * random.normal());
    const result = pairedBootstrap(x, y);
    const d = x.map((value, at) => value - y[at]!);
    const error = Math.sqrt(d.reduce((sum, value) => sum + (value - mean(d)) ** 2, 0)) / 3000;
    expect(result.statistic).toBeCloseTo(mean(d), 12);
    expect(Math.abs((result.high - result.low) / (2 * 1.96 * error) - 1)).toBeLessThan(0.04);
    expect(Math.abs((result.high + result.low) / 2 - mean(d)) / error).toBeLessThan(0.08);
  });
});

describe('bootstrapTestDefinition', () => {
  it('says in words what was done', () => {
    expect(bootstrapTestDefinition('median')).toBe(
      "Bootstrap test of the difference of medians over seeds, two-sided. 10,000 resamples draw each arm's scores with " +
        'replacement after shifting them so that both medians are equal; p is (1 + the number of resamples whose ' +
        'difference of medians is at least as large as the observed one in absolute value) / 10,001.',
    );
    expect(bootstrapTestDefinition('mean', {null: 'pooled', alternative: 'greater', resamples: 999})).toMatch(
      /one-sided \(greater\). 999 resamples draw both arms .* from the scores of both together; p is .* \/ 1,000\.$/,
    );
    expect(bootstrapTestDefinition('median', {resamples: 'exact'})).toContain('computed without drawing');
  });
});
