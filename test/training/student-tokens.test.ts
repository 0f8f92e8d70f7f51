import {expect, test} from 'vitest';
import {smoothedIdf} from '../../src/math/idf.ts';
import {openTextEncoder, studentVocabulary} from '../../src/models/student-tokens.ts';
import type {WordIdf} from '../../src/models/student-tokens.ts';
import {unknownId} from '../../src/text/vocabulary.ts';

const words = ['the', 'cat', 'sat'];
const documentFrequency = [9, 4, 3];
const idf: WordIdf = {documents: 9, words, documentFrequency, idf: documentFrequency.map(df => smoothedIdf(9, df))};
const shape = {vocabulary: 100, pooling: 'idf', smoothing: 0.1, maxTokens: 8, language: 'en'} as const;

const encoderOf = async (unit: 'word' | 'character' | 'piece', pooling: 'idf' | 'mean' = 'idf') => {
  const vocabulary = await studentVocabulary(idf, {...shape, unit});
  return {vocabulary, encode: await openTextEncoder({...shape, unit, pooling}, vocabulary, idf)};
};

const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);

test('words: weights are IDF + smoothing over their sum; an unknown word counts as one that no document has', async () => {
  const {vocabulary, encode} = await encoderOf('word');
  const {ids, weights} = encode('The cat meowed');
  expect(Array.from(ids)).toEqual([vocabulary.id('the'), vocabulary.id('cat'), unknownId]);
  const raw = [9, 4, 0].map(df => smoothedIdf(9, df) + 0.1);
  const total = raw.reduce((a, b) => a + b);
  expect(Array.from(weights)).toEqual(raw.map(value => expect.closeTo(value / total, 6) as number));
});

test('characters share the weight of their word, and a word that is cut off keeps its share of what is read', async () => {
  const {encode} = await encoderOf('character');
  const {ids, weights} = encode('the cat');
  expect(ids).toHaveLength(6);
  expect(weights[0]).toBeCloseTo(weights[2]!, 6);
  expect(weights[3]! / weights[0]!).toBeCloseTo((idf.idf[1]! / 3 + 0.1) / (idf.idf[0]! / 3 + 0.1), 5);
  const cut = encode('the cat sat');
  expect(cut.ids).toHaveLength(8);
  expect(sum(cut.weights)).toBeCloseTo(1, 6);
});

test('pieces are those of the teacher’s tokeniser', async () => {
  const {encode, vocabulary} = await encoderOf('piece');
  const {ids, weights} = encode('the cat sat');
  expect(ids.length).toBeGreaterThanOrEqual(3);
  expect(Array.from(ids)).not.toContain(unknownId);
  expect(vocabulary.tokens.every(token => /^\d+$/.test(token))).toBe(true);
  expect(sum(weights)).toBeCloseTo(1, 6);
});

test('other poolings weigh evenly; a text without a token is one unknown token', async () => {
  const {encode} = await encoderOf('word', 'mean');
  expect(Array.from(encode('the cat').weights)).toEqual([0.5, 0.5]);
  expect(encode('')).toEqual({ids: Int32Array.of(unknownId), weights: Float32Array.of(1)});
});
