import {Tokenizer} from '@huggingface/tokenizers';
import type {Part} from './tokenizer-normalizer.ts';
import {createUnigram} from './unigram.ts';
import type {WordPieces} from './word-pieces.ts';

export interface PieceModel {
  readonly pieces: (word: string) => WordPieces;
  /** The id of a piece, null when there is none of this name. */
  readonly id: (piece: string) => number | null;
  /** The pieces by name, added tokens apart. */
  readonly vocabulary: ReadonlyMap<string, number>;
  /** One more than the largest id. */
  readonly size: number;
}

const longestCached = 64;
const mostCached = 100_000;

/**
 * The `model` of tokenizer.json, word by word: WordPiece and BPE by @huggingface/tokenizers, Unigram by our own. The pieces of
 * words that were seen are kept.
 */
export const createPieceModel = (
  part: Part,
  added: readonly {readonly id: number; readonly content: string}[],
): PieceModel => {
  const {vocabulary, pieces} = part.type === 'Unigram' ? unigram(part) : ofLibrary(part);
  const cache = new Map<string, WordPieces>();
  let size = 0;
  for (const id of vocabulary.values()) size = Math.max(size, id + 1);
  const addedIds = new Map(added.map(({content, id}) => [content, id]));
  for (const {id} of added) size = Math.max(size, id + 1);
  return {
    size,
    vocabulary,
    id: piece => addedIds.get(piece) ?? vocabulary.get(piece) ?? null,
    pieces: word => {
      const known = cache.get(word);
      if (known) return known;
      const found = pieces(word);
      if (cache.size >= mostCached) cache.clear();
      if (word.length <= longestCached) cache.set(word, found);
      return found;
    },
  };
};

interface Cutter {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly pieces: (word: string) => WordPieces;
}

const unigram = (part: Part): Cutter => {
  const list = part['vocab'] as readonly (readonly [string, number])[];
  const unknown = part['unk_id'] as number | null;
  if (unknown === null) throw new Error('a Unigram model without an unknown piece (unk_id) cannot be used');
  if (part['byte_fallback'] === true) throw new Error('a Unigram model with byte_fallback cannot be used');
  return {vocabulary: new Map(list.map(([piece], id) => [piece, id])), pieces: createUnigram(list, unknown)};
};

const ofLibrary = (part: Part): Cutter => {
  const {model} = new Tokenizer(
    {
      ...{normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, added_tokens: []},
      model: part,
    },
    {},
  );
  if (model === null) throw new Error('tokenizer.json has no model.');
  const prefix = part.type === 'WordPiece' ? ((part['continuing_subword_prefix'] as string | undefined) ?? '##') : '';
  const suffix = (part['end_of_word_suffix'] as string | null | undefined) ?? '';
  const unknown = model.unk_token_id;
  const fuses = part['fuse_unk'] === true;
  // Unknown words of WordPiece and unknown characters of BPE have the unknown token in their place.
  const lengthOf = (piece: string, index: number, word: string): number => {
    if (part.type === 'WordPiece') {
      if (piece === model.unk_token && word !== piece) return word.length;
      return index > 0 && prefix !== '' && piece.startsWith(prefix) ? piece.length - prefix.length : piece.length;
    }
    return suffix !== '' && piece.endsWith(suffix) ? piece.length - suffix.length : piece.length;
  };
  const pieces = (word: string): WordPieces => {
    const ids: number[] = [];
    const lengths: number[] = [];
    for (const [index, piece] of model.encode([word]).entries()) {
      const id = model.tokens_to_ids.get(piece) ?? unknown;
      if (id === undefined) throw new Error(`The tokenizer has no piece for "${piece}" and no unknown token.`);
      const length = lengthOf(piece, index, word);
      if (fuses && id === unknown && ids.at(-1) === unknown) lengths[lengths.length - 1]! += length;
      else {
        ids.push(id);
        lengths.push(length);
      }
    }
    return {ids, lengths: fitted(lengths, word.length)};
  };
  return {vocabulary: model.tokens_to_ids, pieces};
};

/** Pieces of bytes or in place of unknown characters have names of other lengths: what is left is the last one's. */
const fitted = (lengths: number[], total: number): number[] => {
  let left = total;
  for (const [index, length] of lengths.entries()) {
    lengths[index] = Math.min(length, left);
    left -= lengths[index];
  }
  if (left > 0 && lengths.length > 0) lengths[lengths.length - 1]! += left;
  return lengths;
};
