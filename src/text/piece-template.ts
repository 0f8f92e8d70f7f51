import {Tokenizer} from '@huggingface/tokenizers';
import type {Part} from './tokenizer-normalizer.ts';

/** What stands around the pieces of one text or two: special ids, and the places of the texts. */
export interface PieceTemplate {
  readonly single: readonly TemplateItem[];
  readonly pair: readonly TemplateItem[];
}

export type TemplateItem = {readonly text: 0 | 1; readonly type: number} | {readonly id: number; readonly type: number};

// Names that no piece has.
const places = ['\u0000first', '\u0000second'] as const;

/** Reads the `post_processor` of tokenizer.json by letting it process two made-up pieces. */
export const readPieceTemplate = (part: Part | null, id: (piece: string) => number | null): PieceTemplate => {
  const {post_processor: processor} = new Tokenizer(
    {
      ...{normalizer: null, pre_tokenizer: null, post_processor: part, decoder: null, added_tokens: []},
      model: {type: 'WordPiece', vocab: {}, unk_token: ''},
    },
    {},
  );
  const items = (texts: readonly string[]): TemplateItem[] => {
    const [first, second] = texts as [string, string | undefined];
    const made = processor?.post_process([first], second === undefined ? null : [second], true);
    const tokens = made?.tokens ?? [...texts];
    return tokens.map((token, index) => {
      const type = made?.token_type_ids?.[index] ?? 0;
      const place = texts.indexOf(token);
      if (place >= 0) return {text: place as 0 | 1, type};
      const special = id(token);
      if (special === null) throw new Error(`The post_processor puts in "${token}", which the vocabulary lacks.`);
      return {id: special, type};
    });
  };
  return {single: items([places[0]]), pair: items(places)};
};
