// The package's own types name their files without extensions, which TypeScript cannot follow in modules: what is used here.
declare module '@huggingface/tokenizers' {
  interface TokenizerModel {
    readonly tokens_to_ids: ReadonlyMap<string, number>;
    readonly unk_token_id?: number;
    readonly unk_token?: string;
    encode(words: readonly string[]): string[];
  }

  interface PostProcessor {
    post_process(
      tokens: readonly string[],
      pair: readonly string[] | null,
      withSpecial: boolean,
    ): {readonly tokens: readonly string[]; readonly token_type_ids?: readonly number[]};
  }

  class Normalizer {
    constructor(settings: unknown);
    normalize(text: string): string;
  }

  export class Tokenizer {
    constructor(tokenizer: object, config: object);
    readonly model: TokenizerModel | null;
    readonly pre_tokenizer: {pre_tokenize(text: string, options: {readonly section_index: number}): string[]} | null;
    readonly post_processor: PostProcessor | null;
    encode(text: string): {readonly ids: readonly number[]};
  }

  export class ReplaceNormalizer extends Normalizer {}
  export class StripNormalizer extends Normalizer {}
  export class StripAccentsNormalizer extends Normalizer {}
}
