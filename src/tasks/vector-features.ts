import {denseRows, type FeatureRows} from '../math/feature-rows.ts';
import type {Example, Task} from './task.ts';

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
  if (task.shape === 'sentence') {
    return denseRows(
      examples.map(({text1}) => unit(vectorOf(text1)).map(value => scale.single * value)),
      dim,
    );
  }
  const rows = examples.map(({text1, text2}) => {
    const [u, v] = [unit(vectorOf(text1)), unit(vectorOf(text2 ?? ''))];
    const row = new Float64Array(4 * dim + 1);
    let cosine = 0;
    for (let at = 0; at < dim; at++) {
      row[at] = scale.text * u[at]!;
      row[dim + at] = scale.text * v[at]!;
      row[2 * dim + at] = scale.difference * Math.abs(u[at]! - v[at]!);
      row[3 * dim + at] = scale.product * u[at]! * v[at]!;
      cosine += u[at]! * v[at]!;
    }
    row[4 * dim] = scale.cosine * cosine;
    return row;
  });
  return denseRows(rows, 4 * dim + 1);
};

const unit = (vector: Float32Array): Float64Array => {
  const values = Float64Array.from(vector);
  const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return norm === 0 ? values : values.map(value => value / norm);
};
