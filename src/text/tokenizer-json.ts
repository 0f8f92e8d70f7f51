import type {AddedToken} from './added-tokens.ts';
import type {Part} from './tokenizer-normalizer.ts';

/** The content of a tokenizer.json, as far as it matters. */
export interface TokenizerJson {
  readonly normalizer: Part | null;
  readonly pre_tokenizer: Part | null;
  readonly post_processor: Part | null;
  readonly model: Part;
  readonly added_tokens: readonly AddedToken[];
}
