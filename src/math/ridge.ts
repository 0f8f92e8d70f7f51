import {addTransposed, type FeatureRows, multiply} from './feature-rows.ts';
import {mean} from './descriptive.ts';

export interface RidgeModel {
  readonly weights: Float64Array;
  readonly intercept: number;
}

export interface RidgeOptions {
  readonly alpha: number;
  /** Where to start: the weights of a fit with another α. */
  readonly start?: Float64Array;
  /** Residual of the normal equations at the end, as a share of Xᵀ(y − ȳ); 10⁻⁸ by default. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
}

/**
 * Ridge regression |y − Xw − b|² + α|w|² with a free intercept (scikit-learn's `Ridge`), by conjugate gradients on the
 * normal equations of the centred data: (XᵀX − n x̄x̄ᵀ + αI) w = Xᵀ(y − ȳ). Sparse rows stay sparse: the centring is
 * applied to the products, not to the data. For a thousand rows this takes tens of products with X, where the smaller
 * Gram matrix alone would take as many products as there are rows.
 */
export const fitRidge = (features: FeatureRows, targets: Float64Array, options: RidgeOptions): RidgeModel => {
  const {alpha, start, tolerance = 1e-8, maxIterations = 1000} = options;
  const {rows, width} = features;
  const centre = new Float64Array(width);
  addTransposed(features, new Float64Array(rows).fill(1 / rows), 1, centre);
  const meanTarget = mean(targets);
  const products = new Float64Array(rows);
  const apply = (vector: Float64Array, out: Float64Array): void => {
    multiply(features, vector, 1, products);
    const shift = mean(products);
    for (let row = 0; row < rows; row++) products[row]! -= shift;
    out.fill(0);
    // Residuals sum to 0, so the centre drops out of the transposed product.
    addTransposed(features, products, 1, out);
    for (let at = 0; at < width; at++) out[at]! += alpha * vector[at]!;
  };

  const weights = start?.slice() ?? new Float64Array(width);
  const residual = new Float64Array(width);
  const image = new Float64Array(width);
  const centred = targets.map(target => target - meanTarget);
  addTransposed(features, centred, 1, residual);
  const enough = dot(residual, residual) * tolerance ** 2;
  if (start) {
    apply(weights, image);
    for (let at = 0; at < width; at++) residual[at]! -= image[at]!;
  }
  const direction = residual.slice();
  let square = dot(residual, residual);
  for (let step = 0; step < maxIterations && square > enough; step++) {
    apply(direction, image);
    const length = square / dot(direction, image);
    for (let at = 0; at < width; at++) {
      weights[at]! += length * direction[at]!;
      residual[at]! -= length * image[at]!;
    }
    const next = dot(residual, residual);
    for (let at = 0; at < width; at++) direction[at] = residual[at]! + (next / square) * direction[at]!;
    square = next;
  }
  return {weights, intercept: meanTarget - dot(centre, weights)};
};

export const predictRidge = ({weights, intercept}: RidgeModel, features: FeatureRows): Float64Array => {
  const out = new Float64Array(features.rows);
  multiply(features, weights, 1, out);
  return out.map(value => value + intercept);
};

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
};
