import {addTransposed, type FeatureRows, multiply} from './feature-rows.ts';
import {mean} from './descriptive.ts';

export interface RidgeModel {
  readonly weights: Float64Array;
  readonly intercept: number;
}

/**
 * Ridge regression |y − Xw − b|² + α|w|² with a free intercept (scikit-learn's `Ridge`), by conjugate gradients on the
 * normal equations of the centred data: (XᵀX − n x̄x̄ᵀ + αI) w = Xᵀ(y − ȳ). Sparse rows stay sparse: the centring is
 * applied to the products, not to the data.
 */
export const fitRidge = (
  features: FeatureRows,
  targets: Float64Array,
  {alpha, tolerance = 1e-10, maxIterations = 1000}: {alpha: number; tolerance?: number; maxIterations?: number},
): RidgeModel => {
  const {rows, width} = features;
  const centre = new Float64Array(width);
  addTransposed(features, new Float64Array(rows).fill(1 / rows), centre, 0);
  const meanTarget = mean(targets);
  const products = new Float64Array(rows);
  const apply = (vector: Float64Array, out: Float64Array): void => {
    multiply(features, vector, 0, products);
    const shift = mean(products);
    for (let row = 0; row < rows; row++) products[row]! -= shift;
    out.fill(0);
    // Residuals sum to 0, so the centre drops out of the transposed product.
    addTransposed(features, products, out, 0);
    for (let at = 0; at < width; at++) out[at]! += alpha * vector[at]!;
  };

  const weights = new Float64Array(width);
  const residual = new Float64Array(width);
  addTransposed(
    features,
    targets.map(target => target - meanTarget),
    residual,
    0,
  );
  const direction = residual.slice();
  const image = new Float64Array(width);
  let square = dot(residual, residual);
  const enough = square * tolerance ** 2;
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
  multiply(features, weights, 0, out);
  return out.map(value => value + intercept);
};

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
};
