import {wordsOfPieces} from '../text/words-of-pieces.ts';
import {openSegmenter} from '../text/words.ts';
import type {Pieces, PieceTokenizer} from '../text/tokenizer.ts';

/** For each of a student's tokens of a text the piece of the teacher that says something of it; none where they do not match. */
export type TokenPlaces = (text: string, pieces: Pieces) => readonly number[];

export interface TokenPlacesOptions {
  /** What a student's tokens are. */
  readonly unit: 'teacher-piece' | 'character';
  readonly language: 'en' | 'zh';
  readonly tokenizer: PieceTokenizer;
  /** What the teacher reads before each text; no student does. */
  readonly prefix: string;
  readonly maxTokens: number;
}

export const openTokenPlaces = async (options: TokenPlacesOptions): Promise<TokenPlaces> =>
  options.unit === 'teacher-piece' ? placesOfPieces(options) : placesOfCharacters(options);

const isText = ({starts, ends}: Pieces, at: number): boolean => starts[at] !== ends[at];

/** The text's own pieces are the last ones that are no special ones; a text whose pieces a prefix changes has none. */
const placesOfPieces =
  ({tokenizer, prefix, maxTokens}: TokenPlacesOptions): TokenPlaces =>
  (text, pieces) => {
    const all = [...pieces.ids.keys()].filter(at => isText(pieces, at));
    if (prefix === '') return all.slice(0, maxTokens);
    const alone = tokenizer.encodeWithOffsets(text);
    const own = [...alone.ids.keys()].filter(at => isText(alone, at));
    const places = all.slice(-own.length);
    const isSame =
      places.length === own.length && places.every((at, token) => pieces.ids[at] === alone.ids[own[token]!]);
    return isSame ? places.slice(0, maxTokens) : [];
  };

/** A character's piece is the first that it shares with, which characters beside it may share too. */
const placesOfCharacters = async ({
  language,
  tokenizer,
  prefix,
  maxTokens,
}: TokenPlacesOptions): Promise<TokenPlaces> => {
  const segment = await openSegmenter(language);
  const before = Array.from(prefix.replace(/\s+/g, ''));
  return (text, pieces) => {
    const characters = segment(text).flatMap(word => Array.from(word));
    const wordOf = wordsOfPieces(pieces, [...before, ...characters], tokenizer.normalize);
    const firstPiece = new Map<number, number>();
    wordOf.forEach((word, piece) => {
      if (word >= 0 && !firstPiece.has(word - before.length)) firstPiece.set(word - before.length, piece);
    });
    const places: number[] = [];
    for (const at of characters.slice(0, maxTokens).keys()) {
      const piece = firstPiece.get(at) ?? places.at(-1);
      if (piece === undefined) return [];
      places.push(piece);
    }
    return places;
  };
};
