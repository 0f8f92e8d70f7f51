/**
 * Characters that got their decomposition after Unicode 12, whose tables Hugging Face's tokenizers 0.23.3 has: there, NFD
 * and NFKC leave them alone. Found by comparing all characters with Node's Unicode 17.
 */
const newer =
  /([\u32ff\ua7f1-\ua7f4\uab69\u{105c9}\u{105e4}\u{10781}-\u{107ba}\u{11383}-\u{11391}\u{113c5}-\u{113c8}\u{11938}\u{16121}-\u{16128}\u{16d68}-\u{16d6a}\u{1ccd6}-\u{1ccf9}\u{1e030}-\u{1e06d}\u{1f16c}\u{1fbf0}-\u{1fbf9}]+)/u;

/** `text.normalize(form)` with the tables of the tokenizers library. */
export const unicodeForm = (text: string, form: 'NFC' | 'NFD' | 'NFKC' | 'NFKD'): string => {
  if (!newer.test(text)) return text.normalize(form);
  return text
    .split(newer)
    .map((part, index) => (index % 2 === 1 ? part : part.normalize(form)))
    .join('');
};

/** Lower case of each character by itself: a final sigma is a sigma, where toLowerCase looks at its neighbours. */
export const lowerCase = (text: string): string =>
  text
    .split('Σ')
    .map(part => part.toLowerCase())
    .join('σ');
