import {describe, expect, it} from 'vitest';
import {binomialTails} from '../../src/math/binomial-tail.ts';
import {chiSquareTail} from '../../src/math/chi-square.ts';
import {exponential, logarithm, logGamma} from '../../src/math/elementary.ts';
import {fTail, incompleteBeta, studentQuantile, studentTail} from '../../src/math/student-t.ts';
import {studentizedRangeQuantile, studentizedRangeTail} from '../../src/math/studentized-range.ts';
import {expectClose, readExpected} from './close.ts';

type Rows = readonly number[][];
const expected = readExpected('statistics.peers.json') as Record<
  'student' | 'studentQuantile' | 'fTail' | 'chiSquare' | 'range' | 'elementary' | 'binomial',
  Rows
>;

describe('distributions equal SciPy’s', () => {
  it.each([
    ['Student’s t, tail', expected.student, studentTail],
    ['Student’s t, quantile', expected.studentQuantile, studentQuantile],
    ['F', expected.fTail, fTail],
    ['χ²', expected.chiSquare, chiSquareTail],
  ] as const)('%s', (_, rows, ours: (...given: number[]) => number) => {
    for (const row of rows) {
      const [given, wanted] = [row.slice(0, -1), row.at(-1)!];
      expectClose(ours(...given), wanted, 1e-10, given.join());
    }
  });

  it('studentised range: to 1e-9, and its quantile is the inverse', () => {
    for (const [q, k, tail] of expected.range as [number, number, number][]) {
      expectClose(studentizedRangeTail(q, k), tail, 1e-9, `${q}, ${k}`);
      if (tail < 0.99) expectClose(studentizedRangeQuantile(tail, k), q, 1e-9, `quantile ${q}, ${k}`);
    }
    // The table of Demšar 2006: q.05 / √2 of 2, 5 and 10 classifiers.
    for (const [k, q] of [
      [2, 1.96],
      [5, 2.728],
      [10, 3.164],
    ] as const) {
      expect(studentizedRangeQuantile(0.05, k) / Math.SQRT2).toBeCloseTo(q, 2);
    }
  });

  it('binomial tails', () => {
    for (const [k, n, p, atLeast, below] of expected.binomial as [number, number, number, number, number][]) {
      const tails = binomialTails(k, n, p);
      expectClose(tails.atLeast, atLeast, 1e-11, `${k} of ${n}`);
      expectClose(tails.below, below, 1e-11, `below ${k} of ${n}`);
    }
    expect(binomialTails(1, 3, 0)).toEqual({atLeast: 0, below: 1});
    expect(binomialTails(1, 3, 1)).toEqual({atLeast: 1, below: 0});
  });
});

describe('elementary functions by arithmetic alone', () => {
  it('equal NumPy’s', () => {
    for (const [x, exp, log, gamma] of expected.elementary as [number, number, number, number][]) {
      expectClose(exponential(x), exp, 5e-16 * (1 + Math.abs(x) / 100), `exp(${x})`);
      const y = Math.abs(x) + 1e-3;
      expect(Math.abs(logarithm(y) - log)).toBeLessThanOrEqual(5e-16 * Math.max(Math.abs(log), 1e-3));
      expect(Math.abs(logGamma(y) - gamma)).toBeLessThanOrEqual(2e-14 * Math.max(1, Math.abs(gamma)));
    }
  });

  it('agree with the engine’s over the whole range, to two units in the last place', () => {
    for (let at = 0; at < 20_000; at++) {
      const x = -740 + (1449 * at) / 20_000;
      const [ours, theirs] = [exponential(x), Math.exp(x)];
      expect(Math.abs(ours - theirs) <= 4.5e-16 * theirs + 1e-323, `exp(${x}) = ${theirs}, found ${ours}`).toBe(true);
      if (theirs > 1e-300 && theirs < 1e300) {
        expect(Math.abs(logarithm(theirs) - Math.log(theirs))).toBeLessThanOrEqual(4.5e-16 * Math.abs(x));
      }
    }
  });

  it('are defined at the ends', () => {
    expect([exponential(-1000), exponential(1000), exponential(NaN)]).toEqual([0, Infinity, NaN]);
    expect([logarithm(0), logarithm(-1), logarithm(Infinity), logarithm(1)]).toEqual([-Infinity, NaN, Infinity, 0]);
    expect(logarithm(5e-324)).toBeCloseTo(Math.log(5e-324), 10);
    expect([incompleteBeta(0, 1, 2), incompleteBeta(1, 1, 2)]).toEqual([0, 1]);
    expect([studentTail(Infinity, 3), studentTail(-Infinity, 3), fTail(0, 1, 2), chiSquareTail(0, 3)]).toEqual([
      0, 1, 1, 1,
    ]);
  });
});
