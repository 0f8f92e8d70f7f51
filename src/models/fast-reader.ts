import {smoothedIdf} from '../math/idf.ts';
import {createAsciiCutter} from '../text/ascii-chunks.ts';
import {unknownId} from '../text/vocabulary.ts';
import type {Vocabulary} from '../text/vocabulary.ts';
import type {PieceTokenizer} from '../text/tokenizer.ts';
import {openSegmenter} from '../text/words.ts';
import {idfShares} from './encoder-pooling.ts';
import {openTextEncoder} from './student-tokens.ts';
import type {EncodedText, TextEncoder} from './encoded-text.ts';
import type {TextShape, WordIdf} from './student-tokens.ts';

/** What one chunk of text is to a student: ids, and what each counts before weights are divided by their sum. */
interface Chunk {
  readonly ids: ArrayLike<number>;
  readonly shares: ArrayLike<number>;
}

/** What a student reads by. */
export interface Reading {
  readonly config: TextShape;
  readonly vocabulary: Vocabulary;
  readonly idf: WordIdf;
  readonly tokenizer: PieceTokenizer | null;
}

const mostCached = 200_000;

/**
 * How a student reads texts, ids and weights to the bit those of `openTextEncoder`, faster on English: what a chunk of
 * ASCII (a word, mostly) becomes is kept. Other texts, and those too long, are read the plain way.
 */
export const openFastReader = async (student: Reading): Promise<TextEncoder> => {
  const {config, vocabulary, idf, tokenizer} = student;
  const slow = await openTextEncoder(config, vocabulary, idf, tokenizer);
  const chunkOf = await chunkReader(student);
  if (chunkOf === null) return slow;
  const cache = new Map<string, Chunk>();
  const {cut} = createAsciiCutter(tokenizer?.added ?? []);
  const most = config.maxTokens;
  const ids = new Int32Array(most);
  const shares = new Float64Array(most);
  let length = 0;

  const add = (text: string): boolean => {
    let chunk = cache.get(text);
    if (chunk === undefined) {
      chunk = chunkOf(text);
      if (cache.size >= mostCached) cache.clear();
      cache.set(text, chunk);
    }
    const count = chunk.ids.length;
    if (length + count > most) return false;
    for (let at = 0; at < count; at++) {
      ids[length] = chunk.ids[at]!;
      shares[length++] = chunk.shares[at]!;
    }
    return true;
  };
  const weigh = (): Float32Array => {
    const weights = new Float32Array(length);
    if (config.pooling === 'cls') weights[0] = 1;
    else if (config.pooling !== 'idf') weights.fill(1 / length);
    else {
      let sum = 0;
      for (let at = 0; at < length; at++) sum += shares[at]!;
      for (let at = 0; at < length; at++) weights[at] = sum > 0 ? shares[at]! / sum : 1 / length;
    }
    return weights;
  };
  return (text): EncodedText => {
    length = 0;
    if (!cut(text, add)) return slow(text);
    if (length === 0) return {ids: Int32Array.of(unknownId), weights: Float32Array.of(1)};
    return {ids: ids.slice(0, length), weights: weigh()};
  };
};

/** What a chunk becomes; null where a chunk's tokens depend on what stands around it. */
const chunkReader = async ({
  config,
  vocabulary,
  idf,
  tokenizer,
}: Reading): Promise<((chunk: string) => Chunk) | null> => {
  if (config.language !== 'en') return null;
  const idfOf = new Map(idf.words.map((word, row) => [word, idf.idf[row]!]));
  const unknown = smoothedIdf(idf.documents, 0);
  const idfOfWord = (word: string): number => idfOf.get(word) ?? unknown;
  const segment = await openSegmenter('en');
  const {smoothing} = config;
  if (config.unit === 'word') {
    return chunk => {
      const words = segment(chunk);
      return {ids: vocabulary.encode(words), shares: words.map(word => idfOfWord(word) + smoothing)};
    };
  }
  if (config.unit !== 'teacher-piece' || !tokenizer?.cutsWords) return null;
  const rowOf = new Int32Array(tokenizer.size).fill(unknownId);
  for (const [piece, id] of tokenizer.pieces) rowOf[id] = vocabulary.id(piece);
  // Other poolings have no use for the shares, and aligning words with pieces is most of the work.
  const sharesOf = config.pooling === 'idf' ? idfShares({idf: idfOfWord, smoothing, segment, tokenizer}) : null;
  return chunk => {
    const pieces = tokenizer.encodeWithOffsets(chunk);
    const shares = sharesOf?.(chunk, pieces);
    const kept = [...pieces.ids.keys()].filter(at => pieces.starts[at] !== pieces.ends[at]);
    return {ids: kept.map(at => rowOf[pieces.ids[at]!]!), shares: kept.map(at => shares?.[at] ?? 1)};
  };
};
