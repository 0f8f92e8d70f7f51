import fs from 'node:fs';
import path from 'node:path';
import {createTokenizer} from './tokenizer.ts';
import type {TokenizerJson} from './tokenizer-json.ts';
import type {PieceTokenizer} from './tokenizer.ts';

/**
 * The tokeniser of a model's folder: tokenizer.json, or vocab.txt (WordPiece, one piece a line) with the settings of
 * tokenizer_config.json, as BERT's first checkpoints have it. `vocabulary`: how many pieces the model's embeddings know.
 */
export const openTokenizer = (folder: string, vocabulary: number): PieceTokenizer => {
  const file = tokenizerFile(folder);
  let tokenizer: PieceTokenizer;
  try {
    tokenizer = createTokenizer(readTokenizerJson(folder));
  } catch (error) {
    throw new Error(`${file} cannot be used: ${(error as Error).message}`, {cause: error});
  }
  if (tokenizer.size > vocabulary) {
    throw new Error(
      `${file} has ids up to ${tokenizer.size - 1}, but the model knows ${vocabulary} pieces: they belong to different models.`,
    );
  }
  return tokenizer;
};

const tokenizerFile = (folder: string): string => {
  const file = ['tokenizer.json', 'vocab.txt'].map(name => path.join(folder, name)).find(name => fs.existsSync(name));
  if (file !== undefined) return file;
  throw new Error(
    `${folder} has neither tokenizer.json nor vocab.txt; copy the file that the model was published with.`,
  );
};

/** The content of a folder's tokenizer.json, or what it would be for its vocab.txt. */
export const readTokenizerJson = (folder: string): TokenizerJson => {
  const file = tokenizerFile(folder);
  if (file.endsWith('.txt')) return fromVocabulary(file, folder);
  return JSON.parse(fs.readFileSync(file, 'utf8')) as TokenizerJson;
};

/** What transformers' BertTokenizerFast makes of a vocab.txt. */
const fromVocabulary = (file: string, folder: string): TokenizerJson => {
  const lines = fs.readFileSync(file, 'utf8').replace(/\n$/, '').split('\n');
  const vocab = Object.fromEntries(lines.map((line, id) => [line.replace(/\r$/, ''), id]));
  const settings = path.join(folder, 'tokenizer_config.json');
  const config = (fs.existsSync(settings) ? JSON.parse(fs.readFileSync(settings, 'utf8')) : {}) as Record<
    string,
    unknown
  >;
  const special = (key: string, usual: string): [string, number] => {
    const name = typeof config[key] === 'string' ? config[key] : usual;
    const id = vocab[name];
    if (id === undefined) throw new Error(`it lacks the special piece ${name}`);
    return [name, id];
  };
  const [unknown, padding, cls, sep, mask] = [
    special('unk_token', '[UNK]'),
    special('pad_token', '[PAD]'),
    special('cls_token', '[CLS]'),
    special('sep_token', '[SEP]'),
    special('mask_token', '[MASK]'),
  ];
  return {
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: config['tokenize_chinese_chars'] ?? true,
      strip_accents: config['strip_accents'] ?? null,
      lowercase: config['do_lower_case'] ?? true,
    },
    pre_tokenizer: {type: 'BertPreTokenizer'},
    post_processor: {type: 'BertProcessing', cls, sep},
    model: {
      ...{type: 'WordPiece', unk_token: unknown[0], continuing_subword_prefix: '##', max_input_chars_per_word: 100},
      vocab,
    },
    added_tokens: [unknown, padding, cls, sep, mask].map(([content, id]) => ({
      ...{id, content, normalized: false, lstrip: false, rstrip: false, single_word: false},
    })),
  };
};
