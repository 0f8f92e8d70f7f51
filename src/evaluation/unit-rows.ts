import type {Points} from '../math/k-means.ts';
import type {TextVectors} from '../io/text-vectors.ts';

/** The vectors of texts, divided by their lengths: squared distances between them are 2 − 2 cos. A zero vector stays. */
export const unitRows = (vectors: TextVectors, texts: readonly string[]): Points => {
  const {dim} = vectors;
  const data = new Float32Array(texts.length * dim);
  for (const [row, text] of texts.entries()) {
    const vector = vectors.vectorOf(text);
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
    for (let at = 0; at < dim; at++) data[row * dim + at] = vector[at]! / length;
  }
  return {data, dim};
};
