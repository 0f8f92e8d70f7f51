import {createCutter} from './piece-cutter.ts';
import {readPieceTemplate} from './piece-template.ts';
import type {TemplateItem} from './piece-template.ts';
import type {TokenizerJson} from './tokenizer-json.ts';
import {createPieceModel} from './tokenizer-model.ts';
import {createNormalizer} from './tokenizer-normalizer.ts';

/** The pieces of a text and where they lie in `normalized`; special pieces lie nowhere (start = end). */
export interface Pieces {
  readonly ids: Int32Array;
  /** UTF-16 units of `normalized`, the end exclusive. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The words that the model saw one by one, a space between them. */
  readonly normalized: string;
}

/** The ids of two texts and the token type of each. */
export interface PairPieces {
  readonly ids: Int32Array;
  readonly types: Int32Array;
}

/** A tokeniser of tokenizer.json, with the ids that Hugging Face's Rust library gives. */
export interface PieceTokenizer {
  /** Ids are below it. */
  readonly size: number;
  /** Ids with the special ones, at most `maxPieces` of them: what is too long loses its end. */
  encode(text: string, maxPieces?: number): Int32Array;
  encodeWithOffsets(text: string, maxPieces?: number): Pieces;
  /** Two texts; of what is too long, the longer text loses pieces first. */
  encodePair(first: string, second: string, maxPieces?: number): PairPieces;
  /** The function that texts go through before they are cut. */
  readonly normalize: (text: string) => string;
  /** Ids by the names of the pieces, without those that stand for no text ([CLS], [PAD], [UNK], …). */
  readonly pieces: ReadonlyMap<string, number>;
  /** Texts of ASCII are cut at spaces and around punctuation, whatever stands beside it (BERT's normaliser and pre-tokeniser). */
  readonly cutsWords: boolean;
  /** Added tokens by their text: they are found before anything else is cut. */
  readonly added: readonly string[];
}

export const createTokenizer = (json: TokenizerJson): PieceTokenizer => {
  const normalize = createNormalizer(json.normalizer);
  const model = createPieceModel(json.model, json.added_tokens);
  const template = readPieceTemplate(json.post_processor, model.id);
  const cut = createCutter(json, normalize, model);

  const room = (items: readonly TemplateItem[], maxPieces: number): number =>
    Math.max(0, maxPieces - items.filter(item => 'id' in item).length);

  const encodeWithOffsets = (text: string, maxPieces = Number.POSITIVE_INFINITY): Pieces => {
    const most = room(template.single, maxPieces);
    const found = cut(text, most);
    const kept = Math.min(most, found.ids.length);
    const ids: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    for (const item of template.single) {
      if ('id' in item) {
        ids.push(item.id);
        starts.push(ends.at(-1) ?? 0);
        ends.push(ends.at(-1) ?? 0);
      } else {
        for (let at = 0; at < kept; at++) {
          ids.push(found.ids[at]!);
          starts.push(found.starts[at]!);
          ends.push(found.ends[at]!);
        }
      }
    }
    return {
      ids: Int32Array.from(ids),
      starts: Int32Array.from(starts),
      ends: Int32Array.from(ends),
      normalized: found.words.join(' '),
    };
  };

  const added = new Set(json.added_tokens.map(token => token.id));
  return {
    size: model.size,
    normalize,
    cutsWords: json.normalizer?.type === 'BertNormalizer' && json.pre_tokenizer?.type === 'BertPreTokenizer',
    added: json.added_tokens.map(token => token.content),
    pieces: new Map([...model.vocabulary].filter(([, id]) => !added.has(id))),
    encodeWithOffsets,
    encode: (text, maxPieces) => encodeWithOffsets(text, maxPieces).ids,
    encodePair: (first, second, maxPieces = Number.POSITIVE_INFINITY) => {
      const most = room(template.pair, maxPieces);
      const texts = [cut(first, most).ids, cut(second, most).ids] as const;
      const kept = longestFirst(texts[0].length, texts[1].length, most);
      const ids: number[] = [];
      const types: number[] = [];
      for (const item of template.pair) {
        const own = 'id' in item ? [item.id] : texts[item.text].slice(0, kept[item.text]);
        for (const id of own) {
          ids.push(id);
          types.push(item.type);
        }
      }
      return {ids: Int32Array.from(ids), types: Int32Array.from(types)};
    },
  };
};

/** How many pieces of two texts are kept when together they may have `most`: the longer one loses first. */
const longestFirst = (first: number, second: number, most: number): readonly [number, number] => {
  if (first + second <= most) return [first, second];
  const [short, long] = [Math.min(first, second), Math.max(first, second)];
  const ofShort = Math.min(short, Math.floor(most / 2));
  const ofLong = Math.min(long, most - ofShort);
  return first <= second ? [ofShort, ofLong] : [ofLong, ofShort];
};
