import {addTransposed, type FeatureRows, multiply} from './feature-rows.ts';
import {minimise} from './lbfgs.ts';

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
  readonly start?: LogisticModel;
  readonly tolerance?: number;
  readonly maxIterations?: number;
}

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
  {c, start, tolerance = 1e-4, maxIterations = 300}: LogisticOptions,
): LogisticModel => {
  const {rows, width} = features;
  const vectors = classes === 2 ? 1 : classes;
  const penalty = 1 / (c * rows);
  const scores = Array.from({length: vectors}, () => new Float64Array(rows));
  const objective = (weights: Float64Array, gradient: Float64Array): number => {
    for (let k = 0; k < vectors; k++) {
      multiply(features, weights, k * width, scores[k]!);
      for (let row = 0; row < rows; row++) scores[k]![row]! += weights[vectors * width + k]!;
    }
    let value = 0;
    for (let row = 0; row < rows; row++) value += lossOf(scores, row, labels[row]!) / rows;
    gradient.fill(0);
    for (let k = 0; k < vectors; k++) {
      // lossOf has left probability − target in the scores.
      const residuals = scores[k]!;
      for (let row = 0; row < rows; row++) {
        residuals[row]! /= rows;
        gradient[vectors * width + k]! += residuals[row]!;
      }
      addTransposed(features, residuals, gradient, k * width);
    }
    for (let at = 0; at < vectors * width; at++) {
      gradient[at]! += penalty * weights[at]!;
      value += (penalty / 2) * weights[at]! ** 2;
    }
    return value;
  };
  const first = start ? start.weights.slice() : new Float64Array(vectors * (width + 1));
  return {weights: minimise(objective, first, {tolerance, maxIterations}), classes, width};
};

/** Log-probabilities less a constant a row, [row][class]; of two classes the first has 0. */
export const logitsOf = ({weights, classes, width}: LogisticModel, features: FeatureRows): Float64Array[] => {
  const vectors = classes === 2 ? 1 : classes;
  const out = Array.from({length: features.rows}, () => new Float64Array(classes));
  const column = new Float64Array(features.rows);
  for (let k = 0; k < vectors; k++) {
    multiply(features, weights, k * width, column);
    column.forEach((score, row) => (out[row]![classes - vectors + k] = score + weights[vectors * width + k]!));
  }
  return out;
};

/** −log p of one row's label; its scores become probability − target. */
const lossOf = (scores: readonly Float64Array[], row: number, label: number): number => {
  // One score stands against a fixed 0.
  const isBinary = scores.length === 1;
  let top = isBinary ? 0 : -Infinity;
  for (const column of scores) top = Math.max(top, column[row]!);
  let sum = isBinary ? Math.exp(-top) : 0;
  for (const column of scores) sum += Math.exp(column[row]! - top);
  const own = isBinary ? (label === 1 ? scores[0]![row]! : 0) : scores[label]![row]!;
  for (let k = 0; k < scores.length; k++) {
    const isLabel = isBinary ? label === 1 : label === k;
    scores[k]![row] = Math.exp(scores[k]![row]! - top) / sum - (isLabel ? 1 : 0);
  }
  return Math.log(sum) + top - own;
};
