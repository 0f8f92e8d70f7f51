// Half a surrogate pair: not a character. `\p{Surrogate}` with the u flag matches lone ones only.
const loneSurrogates = /\p{Surrogate}/gu;
// Controls that are not whitespace, the soft hyphen, zero-width space, word joiner and byte order mark, and the marks
// that only steer the direction of display. ZWJ and ZWNJ stay: emoji, Persian and Indic words need them.
const invisible =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
const whitespace = /[\s\u0085]+/gu;
const plain = /^[!-~]+(?: [!-~]+)*$/;

/**
 * A text as it is kept: well-formed (lone surrogates become U+FFFD), without invisible control characters, runs of
 * whitespace as one space, trimmed, NFC. Applying it twice changes nothing.
 */
export const normalize = (text: string): string => {
  // Most English text is printable ASCII already; five passes over it would be most of the cleaning time.
  if (plain.test(text)) return text;
  // NFC comes last: a removed character may have kept a base and its accent apart.
  return text.replace(loneSurrogates, '\ufffd').replace(invisible, '').replace(whitespace, ' ').trim().normalize('NFC');
};

const notWord = /[^\p{L}\p{N}\p{M}]+/gu;
const plainWords = /^[a-z0-9]+(?: [a-z0-9]+)*$/;

/**
 * A text as it is compared: two texts with the same comparable form count as the same (duplicates, evaluation rows in
 * the corpus, the split of a task). Compatibility forms, case, punctuation and spacing do not count. A text without a
 * letter or digit is compared as it is.
 */
export const comparable = (text: string): string => {
  if (plainWords.test(text)) return text;
  const words = foldCase(text).replace(notWord, ' ').trim();
  return words === '' ? normalize(text) : words;
};

// Lower-casing may undo NFKC and NFKC may bring back a capital (both happen in a handful of characters), so the pair is
// applied until nothing changes; the second round nearly always ends it.
const foldCase = (text: string): string => {
  let before = text.replace(loneSurrogates, '\ufffd');
  for (let round = 0; round < 4; round++) {
    const after = before.normalize('NFKC').toLowerCase();
    if (after === before) return after;
    before = after;
  }
  return before;
};
