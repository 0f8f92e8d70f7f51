import {readArrow} from '../../io/arrow.ts';
import type {Random} from '../../math/random.ts';
import type {PieceTokenizer} from '../../text/tokenizer.ts';

export interface PieceCorpus {
  readonly training: readonly Int32Array[];
  /** Of each of them, which sentence of the file it is. */
  readonly rows: Int32Array;
  /** In the file. */
  readonly sentences: number;
  /** Never learnt from: what perplexity is measured on. */
  readonly heldOut: readonly Int32Array[];
}

/** Sentences of sentences.arrow as pieces, shuffled once by `random` and cut to `limit`; the last `heldOut` are held out. */
export const readPieceCorpus = (
  file: string,
  {tokenizer, maxTokens, limit, heldOut, random}: {readonly tokenizer: PieceTokenizer; readonly maxTokens: number; readonly limit: number; readonly heldOut: number; readonly random: Random}, // prettier-ignore
): PieceCorpus => {
  const texts = readArrow(file).strings('text');
  const order = random.shuffle(Int32Array.from({length: texts.length}, (_, at) => at)).subarray(0, limit);
  if (order.length <= heldOut) throw new Error(`${file} holds ${texts.length} sentences, of which ${heldOut} are held out (heldOut): nothing is left to learn from.`); // prettier-ignore
  const pieces = Array.from(order, at => tokenizer.encode(texts[at]!, maxTokens));
  return {
    training: pieces.slice(0, -heldOut),
    rows: order.slice(0, -heldOut),
    heldOut: pieces.slice(-heldOut),
    sentences: texts.length,
  };
};

/** Pieces that stand for no word, by what the tokeniser puts around an empty text, and those that vocab names in brackets. */
export const specialPieces = (
  folder: TokenizerFacts,
): {readonly special: readonly number[]; readonly maskId: number} => {
  const ids = new Map(folder.added_tokens.map(({content, id}) => [content, id]));
  const maskId = ids.get('[MASK]') ?? ids.get('<mask>');
  if (maskId === undefined) throw new Error('The tokeniser has no [MASK] piece, so that no word can be hidden.');
  return {special: [...ids.values()], maskId};
};

interface TokenizerFacts {
  readonly added_tokens: readonly {readonly id: number; readonly content: string}[];
}
