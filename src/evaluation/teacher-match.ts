import {spearman} from '../math/metrics.ts';
import type {Random} from '../math/random.ts';
import {cosine} from '../math/vector-rows.ts';
import type {VectorRows} from '../math/vector-rows.ts';

/** How well vectors stand in for the teacher's on sentences that were not learnt from. */
export interface TeacherMatch {
  /** Mean cosine of each sentence's vector to the teacher's vector of the same sentence; null where widths differ. */
  readonly heldOutCosine: number | null;
  /** Spearman correlation, over pairs of sentences, of the two vectors' cosine with the teacher's cosine of that pair. */
  readonly similaritySpearman: number;
}

/**
 * Half of the pairs are random, the other half of each sentence with the teacher's nearest of 50 random others: random
 * pairs alone are nearly all unrelated, and would only measure how noise is ranked.
 */
export const similarityPairs = (teacher: VectorRows, count: number, random: Random): readonly [number, number][] => {
  const pairs: [number, number][] = [];
  for (let a = 0; a < count; a++) {
    pairs.push([a, otherThan(a, count, random)]);
    let nearest = otherThan(a, count, random);
    for (let tries = 1; tries < 50; tries++) {
      const b = otherThan(a, count, random);
      if (cosine(teacher.row(a), teacher.row(b)) > cosine(teacher.row(a), teacher.row(nearest))) nearest = b;
    }
    pairs.push([a, nearest]);
  }
  return pairs;
};

const otherThan = (a: number, count: number, random: Random): number => (a + 1 + random.integer(count - 1)) % count;

/** `vectors` and `teacher` hold the same sentences in the same order. */
export const teacherMatch = (
  vectors: VectorRows,
  teacher: VectorRows,
  count: number,
  pairs: readonly (readonly [number, number])[],
): TeacherMatch => {
  let sum = 0;
  if (vectors.dim === teacher.dim) for (let i = 0; i < count; i++) sum += cosine(vectors.row(i), teacher.row(i));
  return {
    heldOutCosine: vectors.dim === teacher.dim ? sum / count : null,
    similaritySpearman: spearman(
      pairs.map(([a, b]) => cosine(vectors.row(a), vectors.row(b))),
      pairs.map(([a, b]) => cosine(teacher.row(a), teacher.row(b))),
    ),
  };
};
