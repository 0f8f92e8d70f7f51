import type {UsePieces} from './use-tokenizer.ts';
import {englishWords} from './words.ts';

export interface PieceWords {
  readonly words: readonly string[];
  /** For each piece the index of the word in which it begins, or −1 for one without any word (a "▁" alone). */
  readonly wordOfPiece: Int32Array;
}

/**
 * Which word each SentencePiece piece belongs to. Pieces and words are cut independently, so a piece may begin in the
 * space before a word (its "▁") or hold several words (`."`): it goes to the first word that it shares a character with.
 */
export const piecesToWords = ({starts, ends, normalized}: UsePieces): PieceWords => {
  const text = normalized.replaceAll('\u2581', ' ');
  const words = englishWords(text);
  // The words are cut from the lower-cased text with straight apostrophes. Where lower case is longer (U+0130 becomes
  // two units), every unit knows which unit of the text it came from.
  const searched = text.toLowerCase().replaceAll('’', "'");
  const origin = searched.length === text.length ? null : lowerCaseOrigin(text);
  const wordStarts = new Int32Array(words.length);
  const wordEnds = new Int32Array(words.length);
  let position = 0;
  for (const [index, word] of words.entries()) {
    position = Math.max(position, searched.indexOf(word, position));
    wordStarts[index] = origin ? (origin[position] ?? 0) : position;
    position += word.length;
    wordEnds[index] = origin ? (origin[position] ?? text.length) : position;
  }
  const wordOfPiece = new Int32Array(starts.length).fill(-1);
  let word = 0;
  for (let piece = 0; piece < starts.length; piece++) {
    while (word < words.length && (wordEnds[word] ?? 0) <= (starts[piece] ?? 0)) word++;
    if (word < words.length && (wordStarts[word] ?? 0) < (ends[piece] ?? 0)) wordOfPiece[piece] = word;
  }
  return {words, wordOfPiece};
};

const lowerCaseOrigin = (text: string): number[] => {
  const origin: number[] = [];
  let at = 0;
  for (const character of text) {
    for (let unit = 0; unit < character.toLowerCase().length; unit++) origin.push(at);
    at += character.length;
  }
  return origin;
};
