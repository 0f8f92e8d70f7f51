import {unicode8} from './unicode-8.ts';
import {lowerCase, unicodeForm} from './unicode-forms.ts';

/** Settings as tokenizer.json has them. */
export interface BertNormalizerSettings {
  readonly clean_text?: boolean;
  readonly handle_chinese_chars?: boolean;
  readonly strip_accents?: boolean | null;
  readonly lowercase?: boolean;
}

const removed = new RegExp(`[${unicode8.removed}]`, 'gu');
const marks = new RegExp(`[${unicode8.marks}]`, 'gu');
const punctuation = unicode8.punctuation;
// What Rust's char::is_whitespace names; \s of JavaScript has U+FEFF besides and lacks U+0085.
const whitespaceClass = '\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const whitespace = new RegExp(`[${whitespaceClass}]`, 'gu');
// The ranges of the original, in characters and not in UTF-16 units; 2B920 is the original's own.
const chinese =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;
const ascii = /^[ -~]*$/;

/**
 * The BertNormalizer of Hugging Face's tokenizers 0.23 (the Rust library, which trained and runs everywhere else), with
 * its order of steps. The JavaScript one looks at halves of characters beyond U+FFFF, knows the final sigma, and has
 * whatever Unicode its Node has.
 */
export const bertNormalize = (text: string, settings: BertNormalizerSettings): string => {
  const {clean_text: clean, handle_chinese_chars: spaced, lowercase = false} = settings;
  if (ascii.test(text)) return lowercase ? text.toLowerCase() : text;
  let result = text;
  if (clean) result = result.replace(removed, '').replace(whitespace, ' ');
  if (spaced) result = result.replace(chinese, ' $& ');
  if (settings.strip_accents ?? lowercase) result = unicodeForm(result, 'NFD').replace(marks, '');
  return lowercase ? lowerCase(result) : result;
};

const bertWord = new RegExp(`[^${whitespaceClass}${punctuation}]+|[${punctuation}]`, 'gu');

/** Cuts normalised text at whitespace, and each punctuation character apart. */
export const bertWords = (text: string): string[] => text.match(bertWord) ?? [];
