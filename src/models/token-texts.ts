import type {PieceTokenizer} from '../text/tokenizer.ts';

/**
 * Each piece of a tokeniser by itself as the teacher would read it: its prompt and special pieces around it. By id, because
 * a text of "##ing" alone would be cut into other pieces.
 */
export const pieceInputs = (
  tokenizer: Pick<PieceTokenizer, 'pieces' | 'encodeWithOffsets'>,
  prefix: string,
): {readonly token: string; readonly ids: Int32Array}[] => {
  const {ids, starts, ends} = tokenizer.encodeWithOffsets(`${prefix}a`);
  const place = [...ids.keys()].findLast(at => starts[at] !== ends[at]);
  if (place === undefined) throw new Error('The tokenizer makes no piece of the letter "a".');
  return [...tokenizer.pieces].sort(([, a], [, b]) => a - b).map(([token, id]) => ({token, ids: ids.with(place, id)}));
};
