import type {Language} from './words.ts';

// Each is tested against a segment that ends in a full stop and spaces, when more text follows.
const before = String.raw`(?:^|[\s("'“‘\[])`;
/** Always followed by more. "etc." and "Inc." do end sentences and are not here: ICU decides by the next letter's case. */
const title = new RegExp(
  `${before}(?:mr|mrs|ms|dr|prof|rev|gen|col|lt|maj|sgt|capt|gov|sen|rep|hon|messrs|st|mt|vs|e\\.g|i\\.e|cf|viz|approx)\\.\\s+$`,
  'iu',
);
/** Abbreviations before a number, words or the end of a sentence before anything else: "No. 5", but "No. I will not." */
const numbered = new RegExp(
  `${before}(?:nos?|figs?|eqs?|vols?|pp?|ch|art|sect?|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\\.\\s+$`,
  'iu',
);
/** A capital with a full stop: an initial ("J. Smith") or the end of "U.S.". */
const initial = new RegExp(`(?:${before}|\\.)\\p{Lu}\\.\\s+$`, 'u');
const opener =
  /^["'“‘(]?(?:the|an?|he|she|it|we|they|you|i|this|that|these|those|there|then|in|on|at|but|and|if|when|for|his|her|its|our|their|my|as|so|no|yes|what|who|why|how|where)(?![\p{L}\p{M}.])/iu;

/** The end of quoted speech, of which "he said" may follow. */
const quoted = /[!?]["”’]\s+$/;

const continues = (sentence: string, next: string): boolean => {
  if (title.test(sentence)) return true;
  if (numbered.test(sentence)) return /^\(?\p{N}/u.test(next);
  if (quoted.test(sentence) && /^\p{Ll}/u.test(next)) return true;
  return initial.test(sentence) && !opener.test(next);
};

const segmenters = new Map<Language, Intl.Segmenter>();
const segmenterOf = (language: Language): Intl.Segmenter => {
  const known = segmenters.get(language) ?? new Intl.Segmenter(language, {granularity: 'sentence'});
  segmenters.set(language, known);
  return known;
};

const terminator = /[\p{Sentence_Terminal}\n\r\u0085\u2028\u2029]/u;
const hasWord = /[\p{L}\p{N}]/u;
/** For single UTF-16 units: half of a rare letter or emoji counts as a letter, to be on the safe side. */
const maybeWord = /[\p{L}\p{N}\p{Surrogate}]/u;
const paragraphEnd = /[\n\r\u0085\u2028\u2029]\s*$/;

/** Whether a sentence may end before the last word: most texts of a corpus are one sentence, and ICU is slow. */
const mayHoldMore = (text: string): boolean => {
  let end = text.length;
  while (end > 0 && !maybeWord.test(text[end - 1]!)) end--;
  return terminator.test(text.slice(0, end));
};

/**
 * A text cut into sentences; joined they are the text again, each but the last with the whitespace that follows it.
 * ICU's rules (Intl.Segmenter, Unicode Annex 29), which know Chinese stops, and repairs: no sentence ends after an
 * abbreviation or an initial, or between quoted speech and "he said"; a piece without a letter or digit belongs to the
 * sentence before.
 */
export const splitSentences = (text: string, language: Language): string[] => {
  if (text === '') return [];
  if (!mayHoldMore(text)) return [text];
  const sentences: string[] = [];
  for (const {segment} of segmenterOf(language).segment(text)) {
    const last = sentences.at(-1);
    const joins =
      last !== undefined && (!hasWord.test(segment) || (!paragraphEnd.test(last) && continues(tail(last), segment)));
    if (joins) sentences[sentences.length - 1] = last + segment;
    else sentences.push(segment);
  }
  return sentences;
};

// The abbreviation is at the end: a long sentence need not be searched from its start.
const tail = (sentence: string): string => sentence.slice(-24);
