import {readFileSync} from 'node:fs';
import {readBrown} from '../../src/io/brown.ts';
import {documentFrequencies, smoothedIdf} from '../../src/math/idf.ts';
import type {WordIdf} from '../../src/models/student-tokens.ts';
import type {TokenizerJson} from '../../src/text/tokenizer-json.ts';
import {englishWords} from '../../src/text/words.ts';
import {minilmTokenizerFile} from './minilm-tokenizer.ts';

/** Sentences of 5 to 40 words of the Brown corpus, evenly spread: the same in every run. */
export const inferenceTexts = (count: number): string[] => {
  const all = Array.from(readBrown(), ({text}) => text).filter(text => {
    const words = text.split(' ').length;
    return words >= 5 && words <= 40;
  });
  return Array.from({length: count}, (_, at) => all[Math.floor((at * all.length) / count)]!);
};

export const wordIdfOf = (texts: readonly string[]): WordIdf => {
  const {documents, frequencies} = documentFrequencies(texts.map(englishWords));
  const counts = [...frequencies.values()];
  return {
    documents,
    words: [...frequencies.keys()],
    documentFrequency: counts,
    idf: counts.map(count => smoothedIdf(documents, count)),
  };
};

/** BERT's WordPiece: MiniLM's file where it is installed, else one whose pieces are the words of the texts. */
export const benchTokenizer = (texts: readonly string[]): {readonly json: TokenizerJson; readonly name: string} => {
  const file = minilmTokenizerFile();
  if (file !== null) return {json: JSON.parse(readFileSync(file, 'utf8')) as TokenizerJson, name: 'WordPiece of BERT'};
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];
  const words = [...new Set(texts.flatMap(englishWords))];
  const json = {
    normalizer: {type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true}, // prettier-ignore
    pre_tokenizer: {type: 'BertPreTokenizer'},
    post_processor: {type: 'BertProcessing', cls: ['[CLS]', 2], sep: ['[SEP]', 3]},
    model: {
      ...{type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100},
      vocab: Object.fromEntries([...special, ...words].map((word, id) => [word, id])),
    },
    added_tokens: special.map((content, id) => ({...{id, content, normalized: false, lstrip: false, rstrip: false}, single_word: false})), // prettier-ignore
  };
  return {json, name: 'a WordPiece of whole words (MiniLM is not installed)'};
};
