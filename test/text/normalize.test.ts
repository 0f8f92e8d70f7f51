import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {comparable, normalize} from '../../src/text/normalize.ts';

// Whole code units, so that lone surrogates and control characters come up.
const anyText = fc.oneof(
  fc.string({unit: 'binary'}),
  fc.string({unit: 'grapheme'}),
  fc.array(fc.integer({min: 0, max: 0xffff}), {maxLength: 20}).map(units => String.fromCharCode(...units)),
);

describe('normalize', () => {
  test('composes accents, drops what cannot be seen, and leaves one space', () => {
    expect(normalize('  Cafe\u0301\u00a0 au\tlait\r\n')).toBe('Café au lait');
    expect(normalize('a\u0000b\u200bc\ufeffd\u00ade\u202ef')).toBe('abcdef');
    expect(normalize('全角\u3000空格')).toBe('全角 空格');
    // Composed only once the zero-width space between them is gone.
    expect(normalize('e\u200b\u0301')).toBe('é');
  });

  test('keeps emoji with joiners, right-to-left text and symbols', () => {
    for (const text of ['👩‍👩‍👧 hi', 'שלום עולם', 'می‌خواهم', '½ − 3 ≠ ∞']) expect(normalize(text)).toBe(text);
  });

  test('replaces half a surrogate pair', () => {
    expect(normalize('a\ud83d b')).toBe('a\ufffd b');
    expect(normalize('\ude00')).toBe('\ufffd');
  });

  test('applied twice it changes nothing, and the result is well formed and trimmed', () => {
    fc.assert(
      fc.property(anyText, text => {
        const once = normalize(text);
        expect(normalize(once)).toBe(once);
        expect(once).toBe(once.trim());
        expect(/\p{Surrogate}/u.test(once)).toBe(false);
      }),
      {numRuns: 2000},
    );
  });
});

describe('comparable', () => {
  test('ignores case, punctuation, spacing and compatibility forms', () => {
    for (const same of ['The cat — sat!', 'the CAT sat', ' the, cat: sat', 'Ｔｈｅ cat sat']) {
      expect(comparable(same)).toBe('the cat sat');
    }
    expect(comparable('ﬁne №5')).toBe('fine no5');
    expect(comparable('Straße 3')).not.toBe(comparable('Strasse 4'));
  });

  test('a text without letters is compared as it is', () => {
    expect(comparable(' 😀 ')).toBe('😀');
    expect(comparable('?!')).not.toBe(comparable('...'));
  });

  test('applied twice it changes nothing, also after normalize', () => {
    fc.assert(
      fc.property(anyText, text => {
        const once = comparable(text);
        expect(comparable(once)).toBe(once);
        expect(comparable(normalize(text))).toBe(comparable(normalize(normalize(text))));
      }),
      {numRuns: 2000},
    );
  });
});
