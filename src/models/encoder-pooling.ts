import type {Pieces, PieceTokenizer} from '../text/tokenizer.ts';
import {wordsOfPieces} from '../text/words-of-pieces.ts';

/** What each piece's state counts in the vector of a text; the weights sum to 1. */
export type PieceWeights = (text: string, pieces: Pieces) => Float32Array;

/** Every piece alike, special ones too, as sentence-transformers' mean over the attention mask. */
export const meanWeights: PieceWeights = (_, {ids}) => new Float32Array(ids.length).fill(1 / ids.length);

/** The first piece alone. */
export const clsWeights: PieceWeights = (_, {ids}) => {
  const weights = new Float32Array(ids.length);
  weights[0] = 1;
  return weights;
};

export interface IdfWeights {
  /** IDF of a word, that of a word which no document has included. */
  readonly idf: (word: string) => number;
  /** Added to each piece's share before the weights are divided by their sum. */
  readonly smoothing: number;
  /** Cuts a text into the words that have an IDF. */
  readonly segment: (text: string) => readonly string[];
  readonly tokenizer: Pick<PieceTokenizer, 'normalize'>;
}

/**
 * LTD-BERT's weights: the IDF of a word divided by the number of its pieces, plus the smoothing term, divided by the
 * text's sum. Special pieces are of no word and of no text: they count nothing. A text without words has the mean.
 */
export const idfWeights =
  (options: IdfWeights): PieceWeights =>
  (text, pieces) => {
    const raw = idfShares(options)(text, pieces);
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return sum > 0 ? Float32Array.from(raw, weight => weight / sum) : meanWeights(text, pieces);
  };

/** What each piece counts before the weights are divided by their sum. */
export const idfShares =
  ({idf, smoothing, segment, tokenizer}: IdfWeights) =>
  (text: string, pieces: Pieces): Float64Array => {
    const {starts, ends} = pieces;
    const words = segment(text);
    const wordOf = wordsOfPieces(pieces, words, tokenizer.normalize);
    const piecesOf = new Int32Array(words.length);
    for (const word of wordOf) if (word >= 0) piecesOf[word]!++;
    return Float64Array.from(wordOf, (word, piece) => {
      if (ends[piece] === starts[piece]) return 0;
      return smoothing + (word < 0 ? 0 : idf(words[word]!) / piecesOf[word]!);
    });
  };
