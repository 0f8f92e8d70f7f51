import {expect, test} from 'vitest';
import {Vocabulary, buildVocabulary, countTokens, paddingId, unknownId} from '../../src/text/vocabulary.ts';

const counts = countTokens([
  ['b', 'a', 'a'],
  ['c', 'a', 'b', 'z'],
]);

test('the most frequent tokens come first, ties by code unit', () => {
  expect(buildVocabulary(counts, {size: 100}).tokens).toEqual(['a', 'b', 'c', 'z']);
  expect(buildVocabulary(counts, {size: 100, minimumCount: 2}).tokens).toEqual(['a', 'b']);
});

test('size counts padding and unknown', () => {
  const vocabulary = buildVocabulary(counts, {size: 4});
  expect(vocabulary.tokens).toEqual(['a', 'b']);
  expect(vocabulary.size).toBe(4);
  expect(buildVocabulary(counts, {size: 1}).tokens).toEqual([]);
});

test('encodes, unknown tokens included', () => {
  const vocabulary = buildVocabulary(counts, {size: 4});
  expect([...vocabulary.encode(['a', 'nothing', 'b'])]).toEqual([2, unknownId, 3]);
  expect([...vocabulary.encode(['[PAD]', 'constructor', '__proto__'])]).toEqual([unknownId, unknownId, unknownId]);
  expect(paddingId).toBe(0);
});

test('survives JSON', () => {
  const vocabulary = buildVocabulary(counts, {size: 10});
  const again = Vocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary)) as never);
  expect(again.tokens).toEqual(vocabulary.tokens);
  expect([...again.encode(['c'])]).toEqual([...vocabulary.encode(['c'])]);
});

test('a token listed twice is an error', () => {
  expect(() => new Vocabulary(['a', 'b', 'a'])).toThrow('"a" is there twice');
});
