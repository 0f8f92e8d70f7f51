import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {characters} from '../../src/text/characters.ts';
import {englishWords, isWord, openSegmenter, words} from '../../src/text/words.ts';

describe('English words', () => {
  test('are lower-cased letters, digits, and single other characters', () => {
    expect(englishWords('In 1961, Mr. Smith paid $3.50!')).toEqual([
      'in',
      '1961',
      ',',
      'mr',
      '.',
      'smith',
      'paid',
      '$',
      '3',
      '.',
      '50',
      '!',
    ]);
  });

  test("keep inner apostrophes and split off a possessive 's, as GLUE's files have it", () => {
    expect(englishWords("The company's plan")).toEqual(['the', 'company', "'s", 'plan']);
    expect(englishWords("the company 's plan")).toEqual(['the', 'company', "'s", 'plan']);
    expect(englishWords('Don’t; we’re O’Neill’s')).toEqual(["don't", ';', "we're", "o'neill", "'s"]);
    expect(englishWords("the boys' 'quoted' rock'n'roll")).toEqual([
      'the',
      'boys',
      "'",
      "'",
      'quoted',
      "'",
      "rock'n'roll",
    ]);
  });

  test('keep accents with their letters and emoji apart', () => {
    expect(englishWords('cafe\u0301 naïve 😀😀')).toEqual(['cafe\u0301', 'naïve', '😀', '😀']);
  });

  test('lose nothing but whitespace', () => {
    fc.assert(
      fc.property(fc.string({unit: 'grapheme'}), text => {
        const expected = text.toLowerCase().replaceAll('’', "'").replace(/\s/g, '');
        expect(englishWords(text).join('')).toBe(expected);
      }),
      {numRuns: 1000},
    );
  });
});

describe('Chinese words', () => {
  test('are what jieba cuts, without spaces', async () => {
    const segment = await openSegmenter('zh');
    // jieba's own README, and mixed text.
    expect(segment('我来到北京清华大学')).toEqual(['我', '来到', '北京', '清华大学']);
    expect(segment('他买了 iPhone 15。')).toEqual(['他', '买', '了', 'iphone', '15', '。']);
    expect(words('我来到北京清华大学', 'zh')).toEqual(segment('我来到北京清华大学'));
    expect(segment('')).toEqual([]);
    expect(segment('坏\ud83d字')).toContain('\ufffd');
  });
});

test('a word has a letter or a digit', () => {
  expect(["don't", '3', '中', 'é'].every(isWord)).toBe(true);
  expect(['.', '😀', "'", '。'].some(isWord)).toBe(false);
});

test('characters are code points, lower-cased, without spaces', () => {
  expect(characters('Ab 中 😀e\u0301')).toEqual(['a', 'b', '中', '😀', 'é']);
});
