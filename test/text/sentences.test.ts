import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {splitSentences} from '../../src/text/sentences.ts';

const trimmed = (text: string, language: 'en' | 'zh' = 'en') => splitSentences(text, language).map(part => part.trim());

describe('English', () => {
  test.each([
    [['He came.', 'She went!', 'Did they?', 'No.']],
    [['Mr. Smith met Dr. Jones in the U.S. Senate.', 'They talked.']],
    [['J. R. R. Tolkien wrote it.', 'I read it.']],
    [['He lives in the U.S.', 'He likes it.']],
    [['See Fig. 3 and No. 5 for more.', 'No.', 'I will not.']],
    [['Use fruit, e.g. Apples or Pears.', 'It costs 3.50 dollars.']],
    [['"Stop!" he said.', 'Nobody did.']],
    [['It was on Jan. 5.', 'Then it rained.']],
    [['Visit example.com today.', 'Thanks...', 'Bye.']],
    [['St. Paul is a city.', 'Mt. Everest is not.']],
  ])('%j', sentences => {
    expect(trimmed(sentences.join(' '))).toEqual(sentences);
  });

  test('a new line ends a sentence, whatever stands before it', () => {
    expect(trimmed('A heading\nThe text. More.')).toEqual(['A heading', 'The text.', 'More.']);
    expect(trimmed('Signed by Mr.\nThe text.')).toEqual(['Signed by Mr.', 'The text.']);
  });

  test('punctuation alone is no sentence', () => {
    expect(trimmed('Really? ! Yes.')).toEqual(['Really? !', 'Yes.']);
    expect(trimmed('...')).toEqual(['...']);
  });
});

test('Chinese', () => {
  expect(trimmed('今天天气很好。我们去公园吧！你来吗？', 'zh')).toEqual([
    '今天天气很好。',
    '我们去公园吧！',
    '你来吗？',
  ]);
  expect(trimmed('他说：“走吧。”我们就走了。', 'zh')).toEqual(['他说：“走吧。”', '我们就走了。']);
  expect(trimmed('圆周率是3.14，对吗？对。', 'zh')).toEqual(['圆周率是3.14，对吗？', '对。']);
});

test('splitting loses no character', () => {
  const piece = fc.constantFrom(
    'Mr. ',
    'A. ',
    'No. ',
    '3',
    'the end. ',
    '? ',
    '。',
    '\n',
    '😀',
    ' ',
    '\ud83d',
    '"',
    'x',
  );
  const text = fc.oneof(
    fc.string({unit: 'binary'}),
    fc.array(piece).map(pieces => pieces.join('')),
  );
  fc.assert(
    fc.property(text, fc.constantFrom('en' as const, 'zh' as const), (any, language) => {
      const sentences = splitSentences(any, language);
      expect(sentences.join('')).toBe(any);
      expect(sentences).not.toContain('');
    }),
    {numRuns: 2000},
  );
});

test('a megabyte without a sentence end, and one of full stops', () => {
  expect(splitSentences('word '.repeat(200_000), 'en')).toHaveLength(1);
  expect(splitSentences('.'.repeat(1_000_000), 'en')).toHaveLength(1);
  expect(splitSentences('A b. '.repeat(20_000), 'en')).toHaveLength(20_000);
});
