import {addTransposed, type FeatureRows, multiply} from './feature-rows.ts';
import {minimise} from './lbfgs.ts';
import {mergeLoneColumns} from './lone-columns.ts';

export interface LogisticModel {
  /** [vector, column] and then one intercept a vector. Two classes have one vector, that of class 1. */
  readonly weights: Float64Array;
  readonly classes: number;
  readonly width: number;
}

export interface LogisticOptions {
  /** Inverse strength of the penalty, as scikit-learn's `C`. */
  readonly c: number;
  /** Where to start: the weights of a fit with another C save most of the work. */
  readonly start?: Float64Array;
  /** No component of the gradient of the mean loss is larger at the end; 10⁻⁴ by default, as scikit-learn's `tol`. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
}

/** Rows that stay in the processor's cache between a product and its transpose: about 0.5 MB of dense values. */
const blockOf = ({rows, values}: FeatureRows): number =>
  Math.max(4, 4 * Math.floor((16_384 * rows) / Math.max(1, values.length)));

/**
 * Logistic regression with an L2 penalty, intercepts free: minimises (Σ_rows −log p(label | x) + |W|²/(2C)) / n, with
 * p = softmax(Wx + b) for three classes and more, and the sigmoid of one score for two: scikit-learn's
 * `LogisticRegression(C)`.
 *
 * @param labels class of each row, 0 … classes − 1
 */
export const fitLogistic = (
  features: FeatureRows,
  labels: Int32Array,
  classes: number,
  options: LogisticOptions,
): LogisticModel => {
  const {columns, width} = features;
  if (!columns) return {weights: fitWeights(features, labels, classes, options), classes, width};
  const {start, ...others} = options;
  const vectors = classes === 2 ? 1 : classes;
  const merged = mergeLoneColumns({...features, columns});
  const withIntercepts = (weights: Float64Array, from: Float64Array): Float64Array => {
    const all = new Float64Array(weights.length + vectors);
    all.set(weights);
    all.set(from.subarray(-vectors), weights.length);
    return all;
  };
  const weights = fitWeights(merged.features, labels, classes, {
    ...others,
    ...(start && {start: withIntercepts(merged.contract(start, vectors), start)}),
  });
  return {weights: withIntercepts(merged.expand(weights, vectors), weights), classes, width};
};

const fitWeights = (
  features: FeatureRows,
  labels: Int32Array,
  classes: number,
  {c, start, tolerance = 1e-4, maxIterations = 1000}: LogisticOptions,
): Float64Array => {
  const {rows, width} = features;
  const vectors = classes === 2 ? 1 : classes;
  const penalty = 1 / (c * rows);
  const intercepts = vectors * width;
  const centre = centreOf(features);
  // [vector, row]: scores, and then in the same place probability − target, divided by the number of rows.
  const scores = new Float64Array(vectors * rows);
  const block = blockOf(features);
  const objective = (weights: Float64Array, gradient: Float64Array): number => {
    gradient.fill(0);
    const shifts = Array.from({length: vectors}, (_, k) => weights[intercepts + k]! - dot(centre, weights, k * width));
    let value = 0;
    for (let from = 0; from < rows; from += block) {
      const range = {from, to: Math.min(rows, from + block)};
      multiply(features, weights, vectors, scores, range);
      for (let row = from; row < range.to; row++) {
        for (let k = 0; k < vectors; k++) scores[k * rows + row]! += shifts[k]!;
        value += lossOf(scores, rows, row, labels[row]!) / rows;
        for (let k = 0; k < vectors; k++) gradient[intercepts + k]! += scores[k * rows + row]! /= rows;
      }
      addTransposed(features, scores, vectors, gradient, range);
    }
    for (let k = 0; k < vectors; k++) {
      const sum = gradient[intercepts + k]!;
      for (let at = 0; at < width; at++) {
        const weight = weights[k * width + at]!;
        gradient[k * width + at]! += penalty * weight - sum * centre[at]!;
        value += (penalty / 2) * weight * weight;
      }
    }
    return value;
  };
  // Searched for is the intercept at the centre of the rows. An intercept at 0 would hang together with every weight
  // whose feature has a mean, and the search would take twice to four times as many steps to the same minimum.
  const first = start ? start.slice() : new Float64Array(intercepts + vectors);
  for (let k = 0; k < vectors; k++) first[intercepts + k]! += dot(centre, first, k * width);
  const weights = minimise(objective, first, {tolerance, maxIterations});
  for (let k = 0; k < vectors; k++) weights[intercepts + k]! -= dot(centre, weights, k * width);
  return weights;
};

/** Log-probabilities less a constant a row, [row, class]; of two classes the first has 0. */
export const logitsOf = ({weights, classes, width}: LogisticModel, features: FeatureRows): Float64Array => {
  const {rows} = features;
  const vectors = classes === 2 ? 1 : classes;
  const scores = new Float64Array(vectors * rows);
  multiply(features, weights, vectors, scores);
  const out = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < vectors; k++) {
      out[(row + 1) * classes - vectors + k] = scores[k * rows + row]! + weights[vectors * width + k]!;
    }
  }
  return out;
};

/** −log p of one row's label; its scores become probability − target. */
const lossOf = (scores: Float64Array, rows: number, row: number, label: number): number => {
  // One score stands against a fixed 0.
  const isBinary = scores.length === rows;
  let top = isBinary ? 0 : -Infinity;
  for (let at = row; at < scores.length; at += rows) top = Math.max(top, scores[at]!);
  let sum = isBinary ? Math.exp(-top) : 0;
  const target = isBinary ? (label === 1 ? row : -1) : label * rows + row;
  const own = target < 0 ? 0 : scores[target]!;
  for (let at = row; at < scores.length; at += rows) sum += scores[at] = Math.exp(scores[at]! - top);
  for (let at = row; at < scores.length; at += rows) scores[at] = scores[at]! / sum - (at === target ? 1 : 0);
  return Math.log(sum) + top - own;
};

/** The mean of the rows. */
const centreOf = (features: FeatureRows): Float64Array => {
  const centre = new Float64Array(features.width);
  addTransposed(features, new Float64Array(features.rows).fill(1 / features.rows), 1, centre);
  return centre;
};

const dot = (a: Float64Array, weights: Float64Array, offset: number): number => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * weights[offset + at]!;
  return sum;
};
