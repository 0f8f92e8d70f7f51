import {readArrow} from './arrow.ts';

export interface TextVectors {
  readonly dim: number;
  /** A text that no file has is an error. */
  readonly vectorOf: (text: string) => Float32Array;
}

/** Text → vector, from all files: columns text and vector, as teachers and students write them for tasks. */
export const openTextVectors = (paths: readonly string[]): TextVectors => {
  const found = new Map<string, Float32Array>();
  let dim = 0;
  for (const path of paths) {
    const table = readArrow(path);
    const vectors = table.vectors('vector');
    table.strings('text').forEach((text, row) => found.set(text, vectors.row(row)));
    if (dim !== 0 && dim !== vectors.dim)
      throw new Error(`${path} has vectors of ${vectors.dim} numbers, the files before it of ${dim}.`);
    dim = vectors.dim;
  }
  const vectorOf = (text: string): Float32Array => {
    const vector = found.get(text);
    if (!vector) throw new Error(`${paths.join(', ')}: there is no vector of the text "${text.slice(0, 80)}".`);
    return vector;
  };
  return {dim, vectorOf};
};
