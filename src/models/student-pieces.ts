import fs from 'node:fs';
import {createTokenizer} from '../text/tokenizer.ts';
import type {TokenizerJson} from '../text/tokenizer-json.ts';
import type {PieceTokenizer} from '../text/tokenizer.ts';
import type {Segmenter} from '../text/words.ts';
import {Vocabulary, unknownId} from '../text/vocabulary.ts';
import {idfWeights} from './encoder-pooling.ts';
import type {EncodedText, TextEncoder} from './encoded-text.ts';

/** The tokeniser that a student shares with its teacher: a tokenizer.json. */
export const readStudentTokenizer = (file: string): PieceTokenizer => {
  try {
    return createTokenizer(JSON.parse(fs.readFileSync(file, 'utf8')) as TokenizerJson);
  } catch (error) {
    throw new Error(`${file} cannot be used as a tokenizer.json: ${(error as Error).message}`, {cause: error});
  }
};

/** Places that BERT's makers left open for words to come: no text has them. */
const isUnused = (piece: string): boolean => /^\[unused\d+\]$/.test(piece);

/**
 * All pieces of the tokeniser that can stand for text, most frequent first, at most `size` rows. Pieces that the corpus
 * lacks are kept while there is room: a teacher's vector for them is a better guess than the unknown token.
 */
export const pieceVocabulary = (
  tokenizer: Pick<PieceTokenizer, 'pieces' | 'encodeWithOffsets'>,
  words: Iterable<readonly [word: string, documents: number]>,
  size: number,
): Vocabulary => {
  const counts = new Map<number, number>();
  for (const [word, documents] of words) {
    for (const id of new Set(textPieces(tokenizer.encodeWithOffsets(word)).ids))
      counts.set(id, (counts.get(id) ?? 0) + documents);
  }
  const count = ([, id]: readonly [string, number]): number => counts.get(id) ?? 0;
  const pieces = [...tokenizer.pieces].filter(([piece]) => !isUnused(piece));
  pieces.sort((a, b) => count(b) - count(a) || a[1] - b[1]);
  return new Vocabulary(pieces.slice(0, Math.max(0, size - 2)).map(([piece]) => piece));
};

/** Those of a text's pieces that are no special ones: these lie nowhere in it. */
const textPieces = <P extends Pick<ReturnType<PieceTokenizer['encodeWithOffsets']>, 'ids' | 'starts' | 'ends'>>(
  pieces: P,
): P => {
  const kept = [...pieces.ids.keys()].filter(at => pieces.starts[at] !== pieces.ends[at]);
  const of = (values: Int32Array): Int32Array => Int32Array.from(kept, at => values[at]!);
  return {...pieces, ids: of(pieces.ids), starts: of(pieces.starts), ends: of(pieces.ends)};
};

export interface PieceReader {
  readonly tokenizer: PieceTokenizer;
  readonly vocabulary: Vocabulary;
  readonly segment: Segmenter;
  readonly idf: (word: string) => number;
  readonly smoothing: number;
  readonly maxTokens: number;
}

/**
 * Reads texts piece by piece as the teacher does, special pieces apart, with the teacher's weights: the IDF of a word
 * shared by its pieces. Whole texts go through the tokeniser, so that any other program with the same file has the same ids.
 */
export const openPieceReader = ({tokenizer, vocabulary, maxTokens, ...words}: PieceReader): TextEncoder => {
  const rowOf = new Int32Array(tokenizer.size).fill(unknownId);
  for (const [piece, id] of tokenizer.pieces) rowOf[id] = vocabulary.id(piece);
  const special = tokenizer.encode('').length;
  const weigh = idfWeights({...words, tokenizer});
  return (text): EncodedText => {
    const pieces = textPieces(tokenizer.encodeWithOffsets(text, maxTokens + special));
    if (pieces.ids.length === 0) return {ids: Int32Array.of(unknownId), weights: Float32Array.of(1)};
    return {ids: pieces.ids.map(id => rowOf[id]!), weights: weigh(text, pieces)};
  };
};
