import {createSplitter} from './added-tokens.ts';
import {byteTable, isByteLevel, unitsOfBytes} from './byte-characters.ts';
import type {PieceModel} from './tokenizer-model.ts';
import {createPreTokenizer} from './tokenizer-words.ts';
import type {TokenizerJson} from './tokenizer-json.ts';

/** Pieces of a text without the special ones, and where they lie in `words`, joined by spaces. */
export interface Cut {
  readonly ids: number[];
  readonly starts: number[];
  readonly ends: number[];
  readonly words: string[];
}

const loneSurrogates = /\p{Surrogate}/gu;

/** Cuts a text into pieces; it stops after `most`: what follows would be cut off anyway, and a line may have 100,000 characters. */
export const createCutter = (
  json: TokenizerJson,
  normalize: (text: string) => string,
  model: PieceModel,
): ((text: string, most: number) => Cut) => {
  const preTokenize = createPreTokenizer(json.pre_tokenizer);
  const [late, early] = [json.added_tokens.filter(token => token.normalized), json.added_tokens.filter(token => !token.normalized)]; // prettier-ignore
  const splitRaw = createSplitter(early, content => content);
  const splitNormalized = createSplitter(late, normalize);
  const bytes = isByteLevel(json.pre_tokenizer) ? byteTable() : null;

  return (text, most) => {
    const result: Cut = {ids: [], starts: [], ends: [], words: []};
    let position = 0;
    const add = (word: string, ids: readonly number[], lengths: readonly number[]): void => {
      const origin = bytes ? unitsOfBytes(word, bytes) : null;
      let at = 0;
      for (const [index, id] of ids.entries()) {
        const end = at + lengths[index]!;
        result.ids.push(id);
        result.starts.push(position + (origin ? origin.units[at]! : at));
        result.ends.push(position + (origin ? origin.units[end]! : end));
        at = end;
      }
      const shown = origin ? origin.text : word;
      result.words.push(shown);
      position += shown.length + 1;
    };
    let isFirst = true;
    for (const section of splitRaw(text.replace(loneSurrogates, '\ufffd'))) {
      if ('id' in section) add(section.text, [section.id], [section.text.length]);
      else {
        for (const part of splitNormalized(normalize(section.text))) {
          if ('id' in part) add(part.text, [part.id], [part.text.length]);
          else if (part.text !== '') {
            for (const word of preTokenize(part.text, isFirst)) {
              const {ids, lengths} = model.pieces(word);
              add(word, ids, lengths);
              if (result.ids.length >= most) return result;
            }
          }
          isFirst = false;
        }
      }
      isFirst = false;
    }
    return result;
  };
};
