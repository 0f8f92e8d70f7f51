import {smoothedIdf, tokenWeights} from '../math/idf.ts';
import {buildVocabulary, unknownId} from '../text/vocabulary.ts';
import type {Vocabulary} from '../text/vocabulary.ts';
import {openSegmenter} from '../text/words.ts';
import type {PieceTokenizer} from '../text/tokenizer.ts';
import type {Segmenter} from '../text/words.ts';
import type {EncodedText, TextEncoder} from './encoded-text.ts';
import {openPieceReader, pieceVocabulary} from './student-pieces.ts';
import type {StudentShape} from './student-config.ts';

/** Word IDFs as idf.arrow has them. */
export interface WordIdf {
  readonly documents: number;
  readonly words: readonly string[];
  readonly documentFrequency: ArrayLike<number>;
  readonly idf: ArrayLike<number>;
}

/** How a student cuts texts and weighs what it finds. */
export type TextShape = Pick<StudentShape, 'unit' | 'pooling' | 'smoothing' | 'maxTokens'> & {
  readonly language: 'en' | 'zh';
};

/** The tokens of one word: itself, its characters, or the pieces that the teacher's tokeniser makes of it. */
const openPieces = async (unit: Exclude<TextShape['unit'], 'teacher-piece'>): Promise<(word: string) => string[]> => {
  if (unit === 'word') return word => [word];
  if (unit === 'character') return word => Array.from(word);
  const {openUseTokenizer} = await import('../text/use-tokenizer.ts');
  const tokenizer = openUseTokenizer();
  return word => Array.from(tokenizer.encode(word), String);
};

/** What the unit `teacher-piece` cannot do without. */
const needed = (tokenizer: PieceTokenizer | null): PieceTokenizer => {
  if (tokenizer) return tokenizer;
  throw new Error('A student with `unit: teacher-piece` needs the input `tokenizer`: the teacher’s tokenizer.json.');
};

/** Tokens by the number of documents that hold a word with them; those of only one document are left to `unknown`. */
export const studentVocabulary = async (
  idf: WordIdf,
  shape: Pick<StudentShape, 'unit' | 'vocabulary'>,
  tokenizer: PieceTokenizer | null = null,
) => {
  if (shape.unit === 'teacher-piece') {
    const counted = idf.words.map((word, row) => [word, idf.documentFrequency[row] ?? 0] as const);
    return pieceVocabulary(needed(tokenizer), counted, shape.vocabulary);
  }
  const pieces = await openPieces(shape.unit);
  const counts = new Map<string, number>();
  for (const [row, word] of idf.words.entries()) {
    for (const piece of new Set(pieces(word)))
      counts.set(piece, (counts.get(piece) ?? 0) + (idf.documentFrequency[row] ?? 0));
  }
  return buildVocabulary(counts, {size: shape.vocabulary, minimumCount: 2});
};

/**
 * How a student reads texts. LTD-BERT's weights: IDF(word) / pieces of the word + smoothing, divided by the sentence's
 * sum; evenly for the other poolings. A text without a single token is one unknown token.
 */
export const openTextEncoder = async (
  shape: TextShape,
  vocabulary: Vocabulary,
  idf: WordIdf,
  tokenizer: PieceTokenizer | null = null,
): Promise<TextEncoder> => {
  const segment = await openSegmenter(shape.language);
  const idfOf = new Map(idf.words.map((word, row) => [word, idf.idf[row] ?? 0]));
  const unknownIdf = smoothedIdf(idf.documents, 0);
  const common = {segment, vocabulary, idf: (word: string) => idfOf.get(word) ?? unknownIdf};
  if (shape.unit === 'teacher-piece') {
    const read = openPieceReader({...shape, ...common, tokenizer: needed(tokenizer)});
    return text => pooledAs(shape.pooling, read(text));
  }
  const pieces = await openPieces(shape.unit);
  return text => pooledAs(shape.pooling, encodeText(text, {...common, shape, pieces}));
};

/** IDF weights as they are; else the first token alone, or all alike. */
const pooledAs = (pooling: TextShape['pooling'], text: EncodedText): EncodedText => {
  if (pooling === 'idf') return text;
  const {length} = text.ids;
  const weights = new Float32Array(length);
  if (pooling === 'cls') weights[0] = 1;
  else weights.fill(1 / length);
  return {...text, weights};
};

interface EncodeOptions {
  readonly shape: TextShape;
  readonly segment: Segmenter;
  readonly pieces: (word: string) => string[];
  readonly vocabulary: Vocabulary;
  readonly idf: (word: string) => number;
}

const encodeText = (text: string, {shape, segment, pieces, vocabulary, idf}: EncodeOptions): EncodedText => {
  const ids: number[] = [];
  const idfOfWord: number[] = [];
  const piecesOfWord: number[] = [];
  for (const word of segment(text)) {
    if (ids.length >= shape.maxTokens) break;
    const kept = pieces(word).slice(0, shape.maxTokens - ids.length);
    for (const piece of kept) ids.push(vocabulary.id(piece));
    idfOfWord.push(idf(word));
    piecesOfWord.push(kept.length);
  }
  if (ids.length === 0) return {ids: Int32Array.of(unknownId), weights: Float32Array.of(1)};
  const weights = Float32Array.from(tokenWeights(idfOfWord, piecesOfWord, shape.smoothing));
  return {ids: Int32Array.from(ids), weights};
};
