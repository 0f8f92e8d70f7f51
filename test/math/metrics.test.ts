import {describe, expect, it} from 'vitest';
import {accuracy, f1, matthews, pearson, spearman} from '../../src/math/metrics.ts';
import {midranks} from '../../src/math/ranks.ts';
import {expectClose, readExpected} from './close.ts';

interface Expected {
  readonly classification: readonly (readonly [string, string, number, number, number])[];
  readonly correlation: readonly (readonly [number[], number[], number, number])[];
}

const expected = readExpected('metrics.json') as Expected;

describe('metrics equal scikit-learn and SciPy', () => {
  it(`accuracy, f1, matthews on ${expected.classification.length} cases`, () => {
    expect(expected.classification.length).toBeGreaterThanOrEqual(120);
    for (const [gold, predicted, ...values] of expected.classification) {
      const [labels, predictions] = [gold.split(''), predicted.split('')];
      expectClose(accuracy(labels, predictions), values[0], 1e-12, `accuracy ${gold} ${predicted}`);
      expectClose(f1(labels, predictions, '1'), values[1], 1e-12, `f1 ${gold} ${predicted}`);
      // A correlation of 0 is a difference of products on both sides.
      expect(matthews(labels, predictions)).toBeCloseTo(values[2], 12);
    }
  });

  it(`pearson, spearman on ${expected.correlation.length} cases`, () => {
    expect(expected.correlation.length).toBeGreaterThanOrEqual(120);
    for (const [x, y, r, rho] of expected.correlation) {
      expect(pearson(x, y)).toBeCloseTo(r, 12);
      expect(spearman(Float64Array.from(x), y)).toBeCloseTo(rho, 12);
    }
  });
});

describe('metrics', () => {
  it('count a skewed table right', () => {
    // Worked by hand: 1 hit of 3 positives, 1 predicted: P 1, R 1/3, F1 .5. Counting gold from predictions would give 1.
    expect(f1(['y', 'y', 'y', 'n'], ['y', 'n', 'n', 'n'], 'y')).toBe(0.5);
  });

  it('are 0 where a correlation is undefined', () => {
    expect(matthews(['a', 'b'], ['a', 'a'])).toBe(0);
    expect(pearson([0.1, 0.1, 0.1], [1, 2, 3])).toBe(0);
    expect(spearman([3], [4])).toBe(0);
  });

  it('let NaN through instead of calling it 0', () => {
    expect(pearson([1, NaN, 2], [1, 2, 3])).toBeNaN();
    expect(spearman([1, 2, 3], [1, NaN, 3])).toBeNaN();
  });

  it('refuse pairs that are none', () => {
    expect(() => accuracy(['a'], [])).toThrow('expected as many predictions as labels, found 0 and 1');
    expect(() => spearman([], [])).toThrow('at least one example');
  });
});

describe('midranks', () => {
  it('share ranks among ties', () => {
    expect(Array.from(midranks([10, 20, 10, 5, 20, 20]))).toEqual([2.5, 5, 2.5, 1, 5, 5]);
  });
});
