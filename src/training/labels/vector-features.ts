import {denseRows, type FeatureRows} from '../../math/feature-rows.ts';
import type {Example, Task} from '../../tasks/task.ts';

/**
 * A vector of length 1 has components near 1/√dim, their differences and products smaller ones still; these factors bring
 * all blocks to a size at which one strength of the penalty suits them.
 */
const scale = {single: 8, text: 4, difference: 16, product: 64, cosine: 3};

/**
 * Features of a teacher's sentence vectors (of length 1): the vector itself, or of a pair [u, v, |u − v|, u·v, cos].
 *
 * @param vectorOf [dim] of a text
 */
export const vectorFeatures = (
  task: Pick<Task, 'shape'>,
  examples: readonly Example[],
  vectorOf: (text: string) => Float32Array,
  dim: number,
): FeatureRows => {
  const isPair = task.shape === 'pair';
  const width = isPair ? 4 * dim + 1 : dim;
  const values = new Float64Array(examples.length * width);
  const u = new Float64Array(dim);
  const v = new Float64Array(dim);
  for (let row = 0; row < examples.length; row++) {
    const {text1, text2} = examples[row]!;
    const to = row * width;
    unit(vectorOf(text1), u);
    if (!isPair) {
      for (let at = 0; at < dim; at++) values[to + at] = scale.single * u[at]!;
      continue;
    }
    unit(vectorOf(text2 ?? ''), v);
    let cosine = 0;
    for (let at = 0; at < dim; at++) {
      const product = u[at]! * v[at]!;
      values[to + at] = scale.text * u[at]!;
      values[to + dim + at] = scale.text * v[at]!;
      values[to + 2 * dim + at] = scale.difference * Math.abs(u[at]! - v[at]!);
      values[to + 3 * dim + at] = scale.product * product;
      cosine += product;
    }
    values[to + 4 * dim] = scale.cosine * cosine;
  }
  return denseRows(values, width);
};

/** Writes `vector`, divided by its length, into `out`. */
const unit = (vector: Float32Array, out: Float64Array): void => {
  let square = 0;
  for (let at = 0; at < out.length; at++) square += vector[at]! * vector[at]!;
  const norm = Math.sqrt(square) || 1;
  for (let at = 0; at < out.length; at++) out[at] = vector[at]! / norm;
};
