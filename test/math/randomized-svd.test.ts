import {readFileSync} from 'node:fs';

import {describe, expect, it} from 'vitest';
import {fc} from '../seeded.ts';
import {createRandom} from '../../src/math/random.ts';
import {randomizedSvd} from '../../src/math/randomized-svd.ts';
import type {SparseRows} from '../../src/math/randomized-svd.ts';
import {symmetricEigen} from '../../src/math/symmetric-eigen.ts';

type Entry = readonly [row: number, column: number, value: number];

const sparse = (rows: number, width: number, entries: readonly Entry[]): SparseRows => {
  const starts = new Int32Array(rows + 1);
  for (const [row] of entries) for (let next = row + 1; next <= rows; next++) starts[next]!++;
  const columns = Int32Array.from(entries, ([, column]) => column);
  return {rows, width, starts, columns, values: Float64Array.from(entries, ([, , value]) => value)};
};

// Origin: see "origin" in the file. Entries are sorted by row.
const expected = JSON.parse(readFileSync(new URL('../expected/svd.json', import.meta.url), 'utf8')) as {
  rows: number;
  width: number;
  entries: Entry[];
  singularValues: number[];
  right: number[][];
};

describe('randomised SVD', () => {
  const matrix = sparse(expected.rows, expected.width, expected.entries);

  it("finds numpy's singular values and vectors", () => {
    // The subspace has 16 of the 25 dimensions; 30 iterations bring what it leaves out below 1e-9.
    const {singularValues, right} = randomizedSvd(matrix, {rank: 6, random: createRandom(1), iterations: 30});
    for (let j = 0; j < 6; j++) {
      expect(singularValues[j]).toBeCloseTo(expected.singularValues[j]!, 9);
      for (let row = 0; row < expected.width; row++)
        expect(right[row * 6 + j]).toBeCloseTo(expected.right[j]![row]!, 6);
    }
  });

  it('finds all singular values exactly when the subspace is the whole space, and the same for the same seed', () => {
    const all = randomizedSvd(matrix, {rank: 25, random: createRandom(2), iterations: 1});
    expected.singularValues.forEach((value, j) => expect(all.singularValues[j]).toBeCloseTo(value, 9));
    expect(randomizedSvd(matrix, {rank: 25, random: createRandom(2), iterations: 1})).toEqual(all);
  });

  it('takes a matrix of lower rank than asked for', () => {
    const one = sparse(4, 5, [[0, 1, 3], [1, 1, 4]]); // prettier-ignore
    const {singularValues, right} = randomizedSvd(one, {rank: 3, random: createRandom(3)});
    expect(singularValues[0]).toBeCloseTo(5, 12);
    expect(singularValues[1]).toBeCloseTo(0, 6);
    expect(right.every(Number.isFinite)).toBe(true);
    expect(() => randomizedSvd(one, {rank: 5, random: createRandom(3)})).toThrow('expected a rank of 1 to 4, got 5');
  });
});

describe('symmetric eigenvalues', () => {
  it('rebuild the matrix, with orthonormal vectors and values in order', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 8}), fc.integer(), (size, seed) => {
        const random = createRandom(seed);
        const matrix = new Float64Array(size * size);
        for (let i = 0; i < size; i++)
          for (let j = 0; j <= i; j++) matrix[i * size + j] = matrix[j * size + i] = random.normal();
        const {values, vectors} = symmetricEigen(matrix, size);
        for (let i = 0; i < size; i++) {
          if (i > 0) expect(values[i]).toBeLessThanOrEqual(values[i - 1]!);
          for (let j = 0; j < size; j++) {
            let [rebuilt, product] = [0, 0];
            for (let k = 0; k < size; k++) {
              rebuilt += vectors[i * size + k]! * values[k]! * vectors[j * size + k]!;
              product += vectors[k * size + i]! * vectors[k * size + j]!;
            }
            expect(rebuilt).toBeCloseTo(matrix[i * size + j]!, 10);
            expect(product).toBeCloseTo(i === j ? 1 : 0, 10);
          }
        }
      }),
    );
  });
});
