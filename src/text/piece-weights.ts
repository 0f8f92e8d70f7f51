import {piecesToWords} from './piece-words.ts';
import type {UsePieces, UseTokenizer} from './use-tokenizer.ts';

/** One importance for each piece of a text, not normalised. */
export type PieceImportance = (pieces: UsePieces) => Float64Array;

export const evenImportance: PieceImportance = ({ids}) => new Float64Array(ids.length).fill(1);

/**
 * LTD-BERT's weights: the IDF of a word shared evenly by its pieces, plus `smoothing`; a piece outside all words (a
 * space alone) has `smoothing`. `idf` gives unknown words the IDF of a word that no document has.
 */
export const wordImportance =
  (idf: (word: string) => number, smoothing: number): PieceImportance =>
  pieces => {
    const {words, wordOfPiece} = piecesToWords(pieces);
    const piecesOfWord = new Int32Array(words.length);
    for (const word of wordOfPiece) if (word >= 0) piecesOfWord[word] = (piecesOfWord[word] ?? 0) + 1;
    return Float64Array.from(wordOfPiece, word =>
      word < 0 ? smoothing : idf(words[word] ?? '') / (piecesOfWord[word] ?? 1) + smoothing,
    );
  };

/** The IDF of each piece itself, plus `smoothing`; `idf` is indexed by piece id. */
export const pieceImportance =
  (idf: Float64Array, smoothing: number): PieceImportance =>
  ({ids}) =>
    Float64Array.from(ids, id => (idf[id] ?? 0) + smoothing);

/** In how many texts each piece occurs, and how many texts there are. */
export const pieceDocumentFrequencies = (
  texts: Iterable<string>,
  tokenizer: UseTokenizer,
): {readonly documents: number; readonly frequencies: Int32Array} => {
  const frequencies = new Int32Array(tokenizer.size);
  // The last document that a piece was counted for, so that one occurring twice counts once.
  const last = new Int32Array(tokenizer.size).fill(-1);
  let documents = 0;
  for (const text of texts) {
    for (const id of tokenizer.encode(text)) {
      if (last[id] === documents) continue;
      last[id] = documents;
      frequencies[id] = (frequencies[id] ?? 0) + 1;
    }
    documents++;
  }
  return {documents, frequencies};
};

/** Importances as pooling weights: they sum to 1, evenly where nothing is important. */
export const toPoolingWeights = (importance: Float64Array): Float32Array => {
  const sum = importance.reduce((total, value) => total + value, 0);
  return Float32Array.from(importance, value => (sum > 0 ? value / sum : 1 / importance.length));
};
