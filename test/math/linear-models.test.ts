import {describe, expect, it} from 'vitest';
import {denseRows, sparseRows, takeRows, type FeatureRows} from '../../src/math/feature-rows.ts';
import {minimise} from '../../src/math/lbfgs.ts';
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
const asSparse = (x: number[][]): FeatureRows =>
  sparseRows(
    x.map(row => new Map([...row.entries()].filter(([, value]) => value !== 0))),
    x[0]!.length,
  );
const softmax = (logits: Float64Array): number[] => {
  const powers = Array.from(logits, Math.exp);
  return powers.map(power => power / powers.reduce((sum, other) => sum + other, 0));
};

describe('logistic regression', () => {
  it('has scikit-learn’s coefficients and probabilities, on dense and on sparse rows', () => {
    for (const {x, y, classes, c, coefficients, intercepts, probabilities} of expected.logistic) {
      const width = x[0]!.length;
      for (const features of [denseRows(x, width), asSparse(x)]) {
        const model = fitLogistic(features, Int32Array.from(y), classes, {c, tolerance: 1e-8});
        const vectors = coefficients.length;
        coefficients.flat().forEach((value, at) => expect(Math.abs(model.weights[at]! - value)).toBeLessThan(1e-4));
        // Of three classes and more only differences of intercepts are determined.
        const shift = vectors === 1 ? 0 : model.weights[vectors * width]! - intercepts[0]!;
        intercepts.forEach((value, k) =>
          expect(Math.abs(model.weights[vectors * width + k]! - shift - value)).toBeLessThan(1e-4),
        );
        const rows = logitsOf(model, takeRows(features, [0, 1, 2, 3, 4])).map(softmax);
        rows.forEach((row, at) =>
          row.forEach((p, k) => expect(Math.abs(p - probabilities[at]![k]!)).toBeLessThan(1e-4)),
        );
      }
    }
  });

  it('comes to the same from another start', () => {
    const {x, y, classes} = expected.logistic[1]!;
    const features = denseRows(x, x[0]!.length);
    const labels = Int32Array.from(y);
    const cold = fitLogistic(features, labels, classes, {c: 1, tolerance: 1e-9});
    const start = fitLogistic(features, labels, classes, {c: 0.01});
    const warm = fitLogistic(features, labels, classes, {c: 1, tolerance: 1e-9, start});
    cold.weights.slice(0, -classes).forEach((value, at) => expect(warm.weights[at]!).toBeCloseTo(value, 5));
  });

  it('survives labels of one class and separable data', () => {
    const features = denseRows([[1], [2], [3]], 1);
    const one = logitsOf(fitLogistic(features, Int32Array.of(1, 1, 1), 2, {c: 1}), features);
    expect(one.every(([zero, score]) => score! > zero!)).toBe(true);
    const apart = fitLogistic(denseRows([[-1], [1]], 1), Int32Array.of(0, 1), 2, {c: 1e9});
    expect(Number.isFinite(apart.weights[0]!) && apart.weights[0]! > 5).toBe(true);
  });
});

describe('ridge regression', () => {
  it('has scikit-learn’s coefficients, on dense and on sparse rows', () => {
    for (const {x, y, alpha, coefficients, intercept} of expected.ridge) {
      for (const features of [denseRows(x, x[0]!.length), asSparse(x)]) {
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

  it('predicts a constant target', () => {
    const features = denseRows([[1], [5]], 1);
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
  it('multiply the same dense and sparse, taken in any order', () => {
    const random = createRandom(1);
    const x = Array.from({length: 9}, () =>
      Array.from({length: 11}, () => (random.uniform() < 0.5 ? 0 : random.normal())),
    );
    const weights = Float64Array.from({length: 11}, random.normal);
    const order = [8, 0, 3, 3];
    const truth = order.map(row => x[row]!.reduce((sum, value, at) => sum + value * weights[at]!, 0));
    for (const features of [denseRows(x, 11), asSparse(x)]) {
      const predicted = predictRidge({weights, intercept: 0}, takeRows(features, order));
      predicted.forEach((value, at) => expect(value).toBeCloseTo(truth[at]!, 12));
    }
  });
});
