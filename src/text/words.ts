export type Language = 'en' | 'zh';

/** Cuts a text into words; see `openSegmenter`. */
export type Segmenter = (text: string) => string[];

// A word with inner apostrophes ("don't"), but a possessive 's apart; a possessive 's; a run of digits; one other
// character. The apostrophe stays with its word, so that "we're" and "were" are two words.
const pattern =
  /\p{L}[\p{L}\p{M}]*(?:'(?!s(?![\p{L}\p{M}]))\p{L}[\p{L}\p{M}]*)*|'s(?![\p{L}\p{M}])|\p{N}+|[^\s\p{L}\p{N}]/gu;

/**
 * English words of a text: lower-cased; letters (with marks and inner apostrophes), digits, and every other visible
 * character by itself. `company's` is `company` + `'s`, as GLUE's own files have it.
 */
export const englishWords = (text: string): string[] => text.toLowerCase().replaceAll('’', "'").match(pattern) ?? [];

let chinese: Segmenter | undefined;

/**
 * The function that cuts texts of a language into words. Chinese is cut by jieba (its dictionary and HMM), loaded here
 * and not before: about 0.2 s and 50 MB. Spaces are no words; Latin letters are lower-cased.
 */
export const openSegmenter = async (language: Language): Promise<Segmenter> => {
  if (language === 'en') return englishWords;
  if (chinese) return chinese;
  const [{Jieba}, {dict}] = await Promise.all([import('@node-rs/jieba'), import('@node-rs/jieba/dict.js')]);
  const jieba = Jieba.withDict(dict);
  // Texts go to native code as UTF-8, in which half a surrogate pair has no form.
  return (chinese = text =>
    jieba.cut(text.toLowerCase().replace(/\p{Surrogate}/gu, '\ufffd'), true).filter(word => word.trim() !== ''));
};

/** Words of one text. For Chinese, `await openSegmenter('zh')` comes first, once in a process. */
export const words = (text: string, language: Language): string[] => {
  if (language === 'en') return englishWords(text);
  if (!chinese) throw new Error("Internal error: words(…, 'zh') before openSegmenter('zh') has loaded the dictionary.");
  return chinese(text);
};

/** Whether a token counts as a word where lengths are limited: punctuation does not. */
export const isWord = (token: string): boolean => /[\p{L}\p{N}]/u.test(token);
