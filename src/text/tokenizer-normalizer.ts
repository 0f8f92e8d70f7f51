import {ReplaceNormalizer, StripAccentsNormalizer, StripNormalizer} from '@huggingface/tokenizers';
import {bertNormalize} from './bert-normalizer.ts';
import type {BertNormalizerSettings} from './bert-normalizer.ts';
import {openCharsmap} from './charsmap.ts';
import {lowerCase, unicodeForm} from './unicode-forms.ts';

export type Normalize = (text: string) => string;

/** A part of tokenizer.json. */
export interface Part {
  readonly type: string;
  readonly [setting: string]: unknown;
}

/** The `normalizer` of tokenizer.json as a function; steps in which JavaScript differs from Rust are our own. */
export const createNormalizer = (part: Part | null): Normalize => {
  if (part === null) return text => text;
  switch (part.type) {
    case 'Sequence': {
      const steps = (part['normalizers'] as Part[]).map(createNormalizer);
      return text => steps.reduce((result, step) => step(result), text);
    }
    case 'BertNormalizer':
      return text => bertNormalize(text, part as BertNormalizerSettings);
    case 'Precompiled':
      return openCharsmap(part['precompiled_charsmap'] as string);
    case 'Lowercase':
      return lowerCase;
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD': {
      const form = part.type;
      return text => unicodeForm(text, form);
    }
    case 'Replace':
      return ofLibrary(new ReplaceNormalizer(part));
    case 'Prepend':
      // The library prepends to an empty text too, Rust does not.
      return text => (text === '' ? text : (part['prepend'] as string) + text);
    case 'Strip':
      return ofLibrary(new StripNormalizer(part));
    case 'StripAccents':
      return ofLibrary(new StripAccentsNormalizer(part));
    default:
      throw new Error(`tokenizer.json has a normalizer of type "${part.type}", which is not known here.`);
  }
};

const ofLibrary =
  (normalizer: {normalize(text: string): string}): Normalize =>
  text =>
    normalizer.normalize(text);
