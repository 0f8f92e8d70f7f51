import {describe, expect, it} from 'vitest';
import {
  addTransposed,
  denseRows,
  multiply,
  sparseRows,
  takeRows,
  type FeatureRows,
  type SparseFeatureRows,
} from '../../src/math/feature-rows.ts';
import {fc} from '../seeded.ts';
import {minimise} from '../../src/math/lbfgs.ts';
import {mergeLoneColumns} from '../../src/math/lone-columns.ts';
import {fitLogistic, logitsOf} from '../../src/math/logistic-regression.ts';
import {createRandom} from '../../src/math/random.ts';
import {fitRidge, predictRidge} from '../../src/math/ridge.ts';
import {expectClose, readExpected} from './close.ts';

interface Expected {
  readonly logistic: readonly {
    readonly x: number[][];
    readonly y: number[];
    readonly classes: number;
    readonly c: number;
    readonly coefficients: number[][];
    readonly intercepts: number[];
    readonly probabilities: number[][];
  }[];
  readonly ridge: readonly {x: number[][]; y: number[]; alpha: number; coefficients: number[]; intercept: number}[];
}

const expected = readExpected('linear-models.json') as Expected;
const asDense = (x: number[][]): FeatureRows => denseRows(Float64Array.from(x.flat()), x[0]!.length);
const asSparse = (x: number[][]): SparseFeatureRows =>
  sparseRows(
    x.map(row => {
      const columns = [...row.keys()].filter(column => row[column] !== 0);
      return {columns, values: columns.map(column => row[column]!)};
    }),
    x[0]!.length,
  );
/** [row, class] → rows of probabilities. */
const softmax = (logits: Float64Array, classes: number): number[][] =>
  Array.from({length: logits.length / classes}, (_, row) => {
    const powers = Array.from(logits.subarray(row * classes, (row + 1) * classes), Math.exp);
    return powers.map(power => power / powers.reduce((sum, other) => sum + other, 0));
  });

describe('logistic regression', () => {
  it('has scikit-learn’s coefficients and probabilities, on dense and on sparse rows', () => {
    for (const {x, y, classes, c, coefficients, intercepts, probabilities} of expected.logistic) {
      const width = x[0]!.length;
      for (const features of [asDense(x), asSparse(x)]) {
        const model = fitLogistic(features, Int32Array.from(y), classes, {c, tolerance: 1e-8});
        const vectors = coefficients.length;
        coefficients.flat().forEach((value, at) => expect(Math.abs(model.weights[at]! - value)).toBeLessThan(1e-4));
        // Of three classes and more only differences of intercepts are determined.
        const shift = vectors === 1 ? 0 : model.weights[vectors * width]! - intercepts[0]!;
        intercepts.forEach((value, k) =>
          expect(Math.abs(model.weights[vectors * width + k]! - shift - value)).toBeLessThan(1e-4),
        );
        const rows = softmax(logitsOf(model, takeRows(features, [0, 1, 2, 3, 4])), classes);
        rows.forEach((row, at) =>
          row.forEach((p, k) => expect(Math.abs(p - probabilities[at]![k]!)).toBeLessThan(1e-4)),
        );
      }
    }
  });

  it('comes to the same from another start', () => {
    const {x, y, classes} = expected.logistic[1]!;
    const features = asDense(x);
    const labels = Int32Array.from(y);
    const cold = fitLogistic(features, labels, classes, {c: 1, tolerance: 1e-9});
    const start = fitLogistic(features, labels, classes, {c: 0.01});
    const warm = fitLogistic(features, labels, classes, {c: 1, tolerance: 1e-9, start: start.weights});
    cold.weights.slice(0, -classes).forEach((value, at) => expect(warm.weights[at]!).toBeCloseTo(value, 5));
  });

  it('survives labels of one class and separable data', () => {
    const features = asDense([[1], [2], [3]]);
    const one = logitsOf(fitLogistic(features, Int32Array.of(1, 1, 1), 2, {c: 1}), features);
    for (const row of [0, 1, 2]) expect(one[2 * row + 1]!).toBeGreaterThan(one[2 * row]!);
    const apart = fitLogistic(asDense([[-1], [1]]), Int32Array.of(0, 1), 2, {c: 1e9});
    expect(Number.isFinite(apart.weights[0]!) && apart.weights[0]! > 5).toBe(true);
  });
});

describe('ridge regression', () => {
  it('has scikit-learn’s coefficients, on dense and on sparse rows', () => {
    for (const {x, y, alpha, coefficients, intercept} of expected.ridge) {
      for (const features of [asDense(x), asSparse(x)]) {
        const model = fitRidge(features, Float64Array.from(y), {alpha});
        coefficients.forEach((value, at) => expect(Math.abs(model.weights[at]! - value)).toBeLessThan(1e-7));
        expectClose(model.intercept, intercept, 1e-7);
        const [first] = predictRidge(model, takeRows(features, [3]));
        expectClose(
          first!,
          x[3]!.reduce((sum, value, at) => sum + value * coefficients[at]!, intercept),
          1e-6,
        );
      }
    }
  });

  it('comes to the same from another start', () => {
    const {x, y} = expected.ridge[1]!;
    const fit = (alpha: number, start?: Float64Array) =>
      fitRidge(asDense(x), Float64Array.from(y), {alpha, tolerance: 1e-11, ...(start && {start})});
    const {weights} = fit(50, fit(0.5).weights);
    fit(50).weights.forEach((value, at) => expect(weights[at]!).toBeCloseTo(value, 9));
  });

  it('predicts a constant target', () => {
    const features = asDense([[1], [5]]);
    expect(Array.from(predictRidge(fitRidge(features, Float64Array.of(2, 2), {alpha: 1}), features))).toEqual([2, 2]);
  });
});

describe('minimise', () => {
  it('finds the minimum of an ill-conditioned quadratic', () => {
    const scales = [1, 10, 100, 1000, 10_000];
    const x = minimise(
      (point, gradient) =>
        scales.reduce((sum, scale, at) => {
          gradient[at] = scale * (point[at]! - at);
          return sum + (scale / 2) * (point[at]! - at) ** 2;
        }, 0),
      new Float64Array(5),
      {tolerance: 1e-8, maxIterations: 500},
    );
    x.forEach((value, at) => expect(value).toBeCloseTo(at, 6));
  });
});

describe('feature rows', () => {
  it('multiply, forth and back, the same dense and sparse, with any number of rows and vectors', () => {
    // The dense loops take four rows and two vectors at a time: all remainders must come up.
    const sizes = fc.record({
      rows: fc.integer({min: 1, max: 11}),
      width: fc.integer({min: 1, max: 9}),
      vectors: fc.integer({min: 1, max: 5}),
      from: fc.integer({min: 0, max: 10}),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(sizes, ({rows, width, vectors, from, seed}) => {
        const random = createRandom(seed);
        const x = Array.from({length: rows}, () =>
          Array.from({length: width}, () => (random.uniform() < 0.5 ? 0 : random.normal())),
        );
        const weights = Float64Array.from({length: vectors * width}, random.normal);
        const factors = Float64Array.from({length: vectors * rows}, random.normal);
        const range = {from: Math.min(from, rows - 1), to: rows};
        for (const features of [asDense(x), asSparse(x)]) {
          const out = new Float64Array(vectors * rows);
          multiply(features, weights, vectors, out, range);
          const target = new Float64Array(vectors * width).fill(1);
          addTransposed(features, factors, vectors, target, range);
          for (let k = 0; k < vectors; k++) {
            x.forEach((values, row) => {
              const sum = values.reduce((total, value, at) => total + value * weights[k * width + at]!, 0);
              expect(out[k * rows + row]!).toBeCloseTo(row < range.from ? 0 : sum, 10);
            });
            for (let at = 0; at < width; at++) {
              const sum = x.reduce(
                (total, values, row) => total + (row < range.from ? 0 : values[at]! * factors[k * rows + row]!),
                1,
              );
              expect(target[k * width + at]!).toBeCloseTo(sum, 10);
            }
          }
        }
      }),
    );
  });

  it('are taken in any order', () => {
    const x = [
      [1, 0, 2],
      [0, 3, 0],
      [4, 5, 6],
    ];
    for (const features of [asDense(x), asSparse(x)]) {
      const products = predictRidge(
        {weights: Float64Array.of(100, 10, 1), intercept: 0},
        takeRows(features, [2, 0, 0, 1]),
      );
      expect([...products]).toEqual([456, 102, 102, 30]);
    }
  });
});

describe('mergeLoneColumns', () => {
  // Columns 0 and 3 are in two rows; 1, 2 and 5 in row 0 or row 2 alone; 4 in none.
  const x = [
    [1, 3, 4, 0, 0, 0],
    [2, 0, 0, 1, 0, 0],
    [0, 0, 0, 7, 0, -2],
  ];
  const features = asSparse(x);
  const merged = mergeLoneColumns(features);

  it('keeps all products of rows', () => {
    expect(merged.features.width).toBe(4);
    const products = ({rows, starts, columns, values}: FeatureRows) =>
      Array.from({length: rows * rows}, (_, pair) => {
        const row = (at: number) =>
          new Map(
            Array.from(values.subarray(starts[at], starts[at + 1]), (value, i) => [columns![starts[at]! + i]!, value]),
          );
        const other = row(pair % rows);
        return [...row(Math.floor(pair / rows))].reduce((sum, [c, value]) => sum + value * (other.get(c) ?? 0), 0);
      });
    products(merged.features).forEach((value, at) => expect(value).toBeCloseTo(products(features)[at]!, 12));
  });

  it('expands to the shortest weights with the same products, and contracts them again', () => {
    const weights = Float64Array.from({length: 8}, (_, at) => at - 3.5);
    const all = merged.expand(weights, 2);
    const [few, many] = [new Float64Array(6), new Float64Array(6)];
    multiply(merged.features, weights, 2, few);
    multiply(features, all, 2, many);
    many.forEach((value, at) => expect(value).toBeCloseTo(few[at]!, 12));
    const square = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
    expect(square(all)).toBeCloseTo(square(weights), 12);
    merged.contract(all, 2).forEach((value, at) => expect(value).toBeCloseTo(weights[at]!, 12));
    // The texts' own words share their column's weight by their values: 3 : 4.
    expect(all[1]! / all[2]!).toBeCloseTo(3 / 4, 12);
    expect([all[4], all[10]]).toEqual([0, 0]);
  });
});
