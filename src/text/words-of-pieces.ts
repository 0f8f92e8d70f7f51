import type {Pieces} from './tokenizer.ts';

/**
 * For each piece the index of the word that it belongs to, −1 for special pieces and pieces of no word. `words` are those
 * of the text as it was, in order; `normalize` is what the tokeniser did to it. Words and pieces are cut independently, and
 * spaces mean nothing to either: both are laid over the text without spaces, and a piece goes to the first word with which
 * it shares a character.
 */
export const wordsOfPieces = (
  {ids, starts, ends, normalized}: Pieces,
  words: readonly string[],
  normalize: (text: string) => string,
): Int32Array => {
  // Unit of `normalized` → unit of the text without spaces.
  const squeezed = new Int32Array(normalized.length + 1);
  let text = '';
  for (let unit = 0; unit < normalized.length; unit++) {
    squeezed[unit] = text.length;
    const character = normalized[unit]!;
    if (!isSpace.test(character)) text += character;
  }
  squeezed[normalized.length] = text.length;

  const wordEnds = new Int32Array(words.length);
  const wordStarts = new Int32Array(words.length);
  let position = 0;
  for (const [index, word] of words.entries()) {
    const sought = normalize(word).replace(spaces, '');
    const found = sought === '' ? -1 : findNear(text, sought, position);
    wordStarts[index] = found < 0 ? position : found;
    if (found >= 0) position = found + sought.length;
    wordEnds[index] = position;
  }
  const wordOfPiece = new Int32Array(ids.length).fill(-1);
  let word = 0;
  for (let piece = 0; piece < ids.length; piece++) {
    const [start, end] = [squeezed[starts[piece]!]!, squeezed[ends[piece]!]!];
    if (end <= start) continue; // special, or a space alone
    while (word < words.length && wordEnds[word]! <= start) word++;
    if (word < words.length && wordStarts[word]! < end) wordOfPiece[piece] = word;
  }
  return wordOfPiece;
};

const isSpace = /[\s▁]/;
const spaces = /[\s▁]+/g;

/** A word that normalising changed by its neighbours is skipped; it must not be found at the other end of the text. */
const farthest = 32;

const findNear = (text: string, sought: string, position: number): number => {
  if (text.startsWith(sought, position)) return position;
  const found = text.slice(position, position + farthest + sought.length).indexOf(sought);
  return found < 0 ? -1 : position + found;
};
