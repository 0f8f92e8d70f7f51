import {expect, test} from 'vitest';
import {openTokenPlaces} from '../../src/models/token-places.ts';
import {createTokenizer} from '../../src/text/tokenizer.ts';

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];
const pieces = ['你', '好', '北', '京', 'query', ':', 'ann', 'bo', '##b', 'q', '##u', '##x'];
const tokenizer = createTokenizer({
  normalizer: {type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true}, // prettier-ignore
  pre_tokenizer: {type: 'BertPreTokenizer'},
  post_processor: {type: 'BertProcessing', cls: ['[CLS]', 2], sep: ['[SEP]', 3]},
  model: {
    ...{type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100},
    vocab: Object.fromEntries([...special, ...pieces].map((piece, id) => [piece, id])),
  },
  added_tokens: special.map((content, id) => ({...{id, content, normalized: false, lstrip: false, rstrip: false}, single_word: false})), // prettier-ignore
});

/** The pieces, by name, that say something of each token of the text. */
const placed = async (unit: 'teacher-piece' | 'character', text: string, prefix = '', maxTokens = 64) => {
  const language = unit === 'character' ? 'zh' : 'en';
  const placesOf = await openTokenPlaces({unit, language, tokenizer, prefix, maxTokens});
  const own = tokenizer.encodeWithOffsets(prefix + text);
  return placesOf(text, own).map(at => [...special, ...pieces][own.ids[at]!]);
};

test('pieces: all but the special ones, without the prefix’s, as many as are read', async () => {
  expect(await placed('teacher-piece', 'ann bob')).toEqual(['ann', 'bo', '##b']);
  expect(await placed('teacher-piece', 'ann bob', 'query: ')).toEqual(['ann', 'bo', '##b']);
  expect(await placed('teacher-piece', 'ann bob', '', 2)).toEqual(['ann', 'bo']);
  expect(await placed('teacher-piece', 'query', 'query: ')).toEqual(['query']);
  expect(await placed('teacher-piece', '')).toEqual([]);
  // "qu" + "x" is one word to the teacher, and its pieces are not the text's own.
  expect(await placed('teacher-piece', 'bo', 'qu')).toEqual([]);
});

test('characters: the piece that covers each, whatever the prefix has', async () => {
  expect(await placed('character', '你好')).toEqual(['你', '好']);
  expect(await placed('character', '你好', 'query: ')).toEqual(['你', '好']);
  expect(await placed('character', '北京 ann 好', 'query: ')).toEqual(['北', '京', 'ann', 'ann', 'ann', '好']);
  expect(await placed('character', '你好北京', '', 3)).toEqual(['你', '好', '北']);
  expect(await placed('character', '')).toEqual([]);
});
