import type {Example} from '../../tasks/task.ts';
import type {PieceTokenizer} from '../../text/tokenizer.ts';

/** An example's pieces, and 0 for those of its first text, 1 for those of its second. */
export interface PieceExample {
  readonly ids: Int32Array;
  readonly types: Int32Array;
}

/** Texts as one sequence each, pairs with a separator between them. */
export const encodeExamples = (
  tokenizer: PieceTokenizer,
  examples: readonly Example[],
  maxTokens: number,
): PieceExample[] =>
  examples.map(({text1, text2}) => {
    if (text2 !== null) return tokenizer.encodePair(text1, text2, maxTokens);
    const ids = tokenizer.encode(text1, maxTokens);
    return {ids, types: new Int32Array(ids.length)};
  });
