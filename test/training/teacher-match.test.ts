import {expect, test} from 'vitest';
import {createRandom} from '../../src/math/random.ts';
import {bagOfWordsVectors, tokenVectors} from '../../src/training/vectors/bag-of-words.ts';
import {similarityPairs, teacherMatch} from '../../src/evaluation/teacher-match.ts';
import {cosine, rowsOf} from '../../src/math/vector-rows.ts';

const even = (...ids: number[]) => ({
  ids: Int32Array.from(ids),
  weights: new Float32Array(ids.length).fill(1 / ids.length),
});

test('cosine of equal, opposite, orthogonal and empty vectors', () => {
  const v = Float32Array.of(3, 4);
  expect(cosine(v, v)).toBeCloseTo(1, 12);
  expect(cosine(v, Float32Array.of(-3, -4))).toBeCloseTo(-1, 12);
  expect(cosine(v, Float32Array.of(-4, 3))).toBe(0);
  expect(cosine(v, Float32Array.of(0, 0))).toBe(0);
});

test('the teacher matches itself, and vectors of another width have similarities but no cosine', () => {
  const random = createRandom(1);
  const teacher = rowsOf(
    Float32Array.from({length: 40 * 3}, () => random.normal()),
    3,
  );
  const pairs = similarityPairs(teacher, 40, random);
  expect(pairs).toHaveLength(80);
  expect(pairs.every(([a, b]) => a !== b && b >= 0 && b < 40)).toBe(true);
  expect(teacherMatch(teacher, teacher, 40, pairs)).toEqual({
    heldOutCosine: expect.closeTo(1, 6) as number,
    similaritySpearman: expect.closeTo(1, 12) as number,
  });
  const wider = rowsOf(
    Float32Array.from({length: 40 * 5}, () => random.normal()),
    5,
  );
  expect(teacherMatch(wider, teacher, 40, pairs).heldOutCosine).toBeNull();
});

test('a bag of words: by hand', () => {
  // Token 2 occurs in sentences 0 and 1, token 3 in sentence 1. Mean of the teacher's vectors: (2, 3).
  // Token 2: (1·(0,2) + ½·(4,4)) / 1.5 = (4/3, 8/3), token 3: (4, 4); less the mean: (−2/3, −1/3), (2, 1).
  const tokens = tokenVectors([even(2), even(2, 3)], rowsOf(Float32Array.of(0, 2, 4, 4), 2), 5);
  const vectors = bagOfWordsVectors(tokens, [even(3), even(2, 3), even(4)]);
  const expected = [4, 4, 2 + 2 / 3, 3 + 1 / 3, 2, 3]; // an unseen token gives the mean of all
  expect(Array.from(vectors)).toEqual(expected.map(value => expect.closeTo(value, 5) as number));
});
