/** Classes of characters below 128: unknown to this cutter, between chunks, within one, one by itself. */
const other = 0;
const space = 1;
const inner = 2;
const alone = 3;

export interface AsciiCutter {
  /**
   * Calls `onChunk` with the runs of letters, digits and apostrophes of a text, and with every other visible character. False
   * where the text has something else, or `onChunk` says so by `false`: what was called before then means nothing.
   */
  readonly cut: (text: string, onChunk: (chunk: string) => boolean) => boolean;
}

/**
 * Cuts texts of plain ASCII, which nearly all English text is. Whatever is cut at spaces and around punctuation afterwards (words,
 * BERT's pieces) is cut the same in each chunk alone: an apostrophe stays, since "don't" is one word and three pieces.
 * A text with one of the `stops` (the first characters of added tokens, "[" of "[SEP]") is left to others.
 */
export const createAsciiCutter = (stops: Iterable<string>): AsciiCutter => {
  const classes = new Uint8Array(128);
  for (const character of ' \t\n\r') classes[character.charCodeAt(0)] = space;
  for (let code = 33; code < 127; code++)
    classes[code] = /[A-Za-z0-9']/.test(String.fromCharCode(code)) ? inner : alone;
  for (const stop of stops) if (stop.charCodeAt(0) < 128) classes[stop.charCodeAt(0)] = other;

  const cut: AsciiCutter['cut'] = (text, onChunk) => {
    const {length} = text;
    let start = -1;
    for (let at = 0; at < length; at++) {
      const code = text.charCodeAt(at);
      const kind = code < 128 ? classes[code]! : other;
      if (kind === inner) {
        if (start < 0) start = at;
        continue;
      }
      if (kind === other) return false;
      if (start >= 0) {
        if (!onChunk(text.slice(start, at))) return false;
        start = -1;
      }
      if (kind === alone && !onChunk(text[at]!)) return false;
    }
    return start < 0 || onChunk(text.slice(start));
  };
  return {cut};
};
