import {Tokenizer} from '@huggingface/tokenizers';
import {bertWords} from './bert-normalizer.ts';
import type {Part} from './tokenizer-normalizer.ts';

/** Cuts a normalised text into what the model sees one by one. `isFirst`: no special token stands before it. */
export type PreTokenize = (text: string, isFirst: boolean) => string[];

/** The `pre_tokenizer` of tokenizer.json as a function. */
export const createPreTokenizer = (part: Part | null): PreTokenize => {
  if (part === null) return text => [text];
  if (part.type === 'BertPreTokenizer') return text => bertWords(text);
  if (part.type === 'Sequence') {
    const steps = (part['pretokenizers'] as Part[]).map(createPreTokenizer);
    return (text, isFirst) =>
      steps.reduce((words, step) => words.flatMap((word, index) => step(word, isFirst && index === 0)), [text]);
  }
  const library = ofLibrary(part);
  // Rust's Metaspace also cuts before each "▁", unless told otherwise; a piece never spans two words then.
  if (part.type !== 'Metaspace' || part['split'] === false) return library;
  const mark = (part['replacement'] as string | undefined) ?? '▁';
  const beforeMark = new RegExp(`(?=${mark})`, 'u');
  return (text, isFirst) => library(text, isFirst).flatMap(word => word.split(beforeMark));
};

const ofLibrary = (part: Part): PreTokenize => {
  // The library exports its classes one by one, and only its Tokenizer knows which type is which class.
  const {pre_tokenizer: found} = new Tokenizer(
    {
      ...{normalizer: null, pre_tokenizer: part, post_processor: null, decoder: null, added_tokens: []},
      model: {type: 'WordPiece', vocab: {}, unk_token: ''},
    },
    {},
  );
  return (text, isFirst) => found?.pre_tokenize(text, {section_index: isFirst ? 0 : 1}) ?? [text];
};
