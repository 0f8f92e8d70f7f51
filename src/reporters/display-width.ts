/** Escape sequences take no room. */

const escapeSequence = /\u001b\[[0-9;?]*[A-Za-z]/y;

/** Ranges of code points that take two columns in every terminal: CJK, Hangul, full-width forms, emoji. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];

const widthOf = (character: string): number => {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return 0;
  if (code < 0x300) return 1;
  if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(character)) return 0;
  return wideRanges.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
};

/** Columns that a text takes in a terminal. */
export const displayWidth = (text: string): number => {
  let width = 0;
  for (const part of parts(text)) width += part.width;
  return width;
};

/** The text cut to `columns`, with `…` where something is missing; colours that were switched on are switched off. */
export const truncate = (text: string, columns: number): string => {
  if (displayWidth(text) <= columns) return text;
  let result = '';
  let width = 0;
  let hasEscapes = false;
  for (const part of parts(text)) {
    if (width + part.width > columns - 1) break;
    result += part.text;
    width += part.width;
    hasEscapes ||= part.isEscape;
  }
  return `${result}…${hasEscapes ? '\u001b[0m' : ''}`;
};

function* parts(text: string): Generator<{text: string; width: number; isEscape: boolean}> {
  for (let at = 0; at < text.length;) {
    escapeSequence.lastIndex = at;
    const escape = escapeSequence.exec(text)?.[0];
    const part = escape ?? String.fromCodePoint(text.codePointAt(at) ?? 0);
    yield {text: part, width: escape === undefined ? widthOf(part) : 0, isEscape: escape !== undefined};
    at += part.length;
  }
}
