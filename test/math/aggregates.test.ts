import {describe, expect, it} from 'vitest';
import {fc} from '../seeded.ts';
import {interquartileMean, probabilityOfImprovement} from '../../src/math/aggregates.ts';
import {benjaminiHochberg, benjaminiYekutieli, holm} from '../../src/math/correction.ts';
import {normalCdf, normalQuantile, normalTail} from '../../src/math/normal.ts';
import {almostStochasticOrder} from '../../src/math/stochastic-order.ts';
import {expectClose, readExpected} from './close.ts';
import {A, B, C, D} from './reference.ts';

interface Expected {
  readonly corrections: readonly {p: number[]; holm: number[]; bh: number[]; by: number[]}[];
  readonly trimmed: readonly [number[], number][];
  readonly normal: readonly [number, number, number][];
  readonly quantiles: readonly [number, number][];
}

const expected = readExpected('statistics.json') as Expected;
const expectAll = (actual: number[], wanted: number[]): void => {
  expect(actual).toHaveLength(wanted.length);
  actual.forEach((value, at) => expectClose(value, wanted[at]!, 1e-12));
};

describe('corrections', () => {
  it('equal SciPy’s, and Holm by its definition', () => {
    for (const row of expected.corrections) {
      expectAll(holm(row.p), row.holm);
      expectAll(benjaminiHochberg(Float64Array.from(row.p)), row.bh);
      expectAll(benjaminiYekutieli(row.p), row.by);
    }
  });

  it('keep the order of the p values, whatever it is', () => {
    expectAll(holm([0.01, 0.04, 0.03, 0.005, 0.2]), [0.04, 0.09, 0.09, 0.025, 0.2]);
    const p = fc.array(fc.double({min: 0, max: 1, noNaN: true}), {maxLength: 12});
    fc.assert(
      fc.property(p, values => {
        for (const correct of [holm, benjaminiHochberg, benjaminiYekutieli]) {
          const adjusted = correct(values);
          adjusted.forEach((value, at) => {
            expect(value).toBeGreaterThanOrEqual(values[at]! * (1 - 1e-15));
            expect(value).toBeLessThanOrEqual(1);
            adjusted.forEach((other, to) => values[to]! < values[at]! && expect(other).toBeLessThanOrEqual(value));
          });
        }
      }),
    );
  });

  it('are defined for one p, none, and no p at all', () => {
    expect(holm([0.3])).toEqual([0.3]);
    expect(benjaminiYekutieli([])).toEqual([]);
    expect(() => holm([0.1, NaN])).toThrow('found NaN at index 1');
    expect(() => benjaminiHochberg([1.5])).toThrow('found 1.5 at index 0');
  });
});

describe('aggregates over tasks', () => {
  it('are the values of rliable and SciPy', () => {
    expectClose(interquartileMean([A, B, C].map(runs => runs.map(value => value / 100))), 0.8155333333333333, 1e-12);
    for (const [values, wanted] of expected.trimmed) expectClose(interquartileMean(values), wanted, 1e-12);
    expectClose(probabilityOfImprovement(A, B), 0.7175, 1e-12);
    expectClose(probabilityOfImprovement([A, A], [B, A]), (0.7175 + 0.5) / 2, 1e-12);
  });

  it('refuse what they cannot compare', () => {
    expect(() => interquartileMean([])).toThrow('The sample scores is empty');
    expect(() => probabilityOfImprovement([A, B], [A])).toThrow('same tasks, at least one: found 2 and 1');
  });
});

describe('almostStochasticOrder', () => {
  it('has the exact violation', () => {
    // Origin: exact integration of the step functions; deepsig 1.2.8 at dt = .001 says .242925, at .005 .241384.
    expect(almostStochasticOrder(A, D).violation).toBeCloseTo(0.243309, 6);
    expect(almostStochasticOrder(D, A).violation).toBeCloseTo(0.756691, 6);
    expect(almostStochasticOrder(A, B).violation).toBe(0);
  });

  it('has a bound near that of deepsig, which draws other resamples and integrates on a grid', () => {
    expect(Math.abs(almostStochasticOrder(A, D).epsMin - 0.645)).toBeLessThan(0.03);
    expect(Math.abs(almostStochasticOrder(A, B).epsMin - 0.0646)).toBeLessThan(0.03);
  });

  it('asks for more with more comparisons (deepsig’s correction falls instead)', () => {
    const bounds = [1, 2, 3, 6, 10, 100].map(k => almostStochasticOrder(A, D, {confidence: 1 - 0.05 / k}).epsMin);
    expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
    expect(new Set(bounds).size).toBe(6);
  });

  it('equals a fine grid, for unequal sizes too, and is one minus the reverse', () => {
    const sample = fc.array(fc.integer({min: 0, max: 9}), {minLength: 1, maxLength: 7});
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const violation = (a: number[], b: number[]): number => almostStochasticOrder(a, b, {resamples: 1}).violation;
        const [p, q] = [x.toSorted((a, b) => a - b), y.toSorted((a, b) => a - b)];
        // 420 is a multiple of every size up to 7, so midpoints of its cells never meet a step.
        let [above, all] = [0, 0];
        for (let cell = 0; cell < 420; cell++) {
          const t = (cell + 0.5) / 420;
          const gap = q[Math.ceil(t * q.length) - 1]! - p[Math.ceil(t * p.length) - 1]!;
          all += gap * gap;
          if (gap > 0) above += gap * gap;
        }
        expectClose(violation(x, y), all === 0 ? 0.5 : above / all, 1e-9);
        expect(violation(x, y) + violation(y, x)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('is defined for degenerate samples', () => {
    expect(almostStochasticOrder([1, 1], [1])).toEqual({violation: 0.5, epsMin: 0.5});
    expect(almostStochasticOrder([2], [1])).toEqual({violation: 0, epsMin: 0});
    expect(() => almostStochasticOrder([1], [])).toThrow('The sample y is empty');
  });
});

describe('the normal distribution', () => {
  it('equals SciPy’s, tails included', () => {
    for (const [z, below, above] of expected.normal) {
      expectClose(normalCdf(z), below, 1e-12, `cdf(${z})`);
      expectClose(normalTail(z), above, 1e-12, `sf(${z})`);
    }
    for (const [q, z] of expected.quantiles) expectClose(normalQuantile(q), z, 1e-12, `ppf(${q})`);
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  });
});
