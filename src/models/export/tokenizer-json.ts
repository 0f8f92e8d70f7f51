import type {TokenizerJson} from '../../text/tokenizer-json.ts';
import type {Vocabulary} from '../../text/vocabulary.ts';
import {paddingId, unknownId} from '../../text/vocabulary.ts';
import type {StudentConfig} from '../student-config.ts';

// JavaScript's \s, character by character: other engines disagree about U+0085 and U+FEFF.
const spaces = '\\t\\n\\x0b\\x0c\\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';

/** The words of `englishWords` (src/text/words.ts), in the syntax that JavaScript and Oniguruma share. */
const englishWord = `\\p{L}[\\p{L}\\p{M}]*(?:'(?!s(?![\\p{L}\\p{M}]))\\p{L}[\\p{L}\\p{M}]*)*|'s(?![\\p{L}\\p{M}])|\\p{N}+|[^${spaces}\\p{L}\\p{N}]`;
const character = `[^${spaces}]`;
const spaced = `[^${spaces}]+`;

/**
 * tokenizer.json of Hugging Face with the ids of a student over words or characters: lower case, straight apostrophes, one
 * token a match of a pattern. Chinese words come from jieba, which no tokenizer.json has: there the text must be cut
 * already, with spaces between its words.
 */
export const vocabularyTokenizer = (
  {unit, language}: Pick<StudentConfig, 'language'> & {readonly unit: 'word' | 'character'},
  vocabulary: Vocabulary,
): TokenizerJson => {
  const {padding, unknown, tokens} = vocabulary.toJSON();
  const pattern = unit === 'character' ? character : language === 'zh' ? spaced : englishWord;
  const apostrophe = {type: 'Replace', pattern: {String: '’'}, content: "'"};
  return {
    ...common,
    added_tokens: [special(paddingId, padding), special(unknownId, unknown)],
    normalizer: {type: 'Sequence', normalizers: [{type: 'Lowercase'}, ...(language === 'en' ? [apostrophe] : [])]},
    pre_tokenizer: {type: 'Split', pattern: {Regex: pattern}, behavior: 'Removed', invert: true},
    // Special pieces stay out, so that both sides see the tokens that the student was trained on.
    post_processor: null,
    model: {
      // Without a piece that continues a word this is a list of whole words; "WordLevel" is not known to all readers.
      type: 'WordPiece',
      unk_token: unknown,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 1_000_000,
      vocab: Object.fromEntries([padding, unknown, ...tokens].map((token, id) => [token, id])),
    },
  };
};

/**
 * The teacher's tokenizer.json with the ids of the student's rows: a piece that the student lacks has the id of the unknown
 * token, as in training. Where ids are places in a list (Unigram), the student must have all pieces.
 */
export const pieceTokenizer = (json: TokenizerJson, vocabulary: Vocabulary): TokenizerJson => {
  const {padding, unknown} = vocabulary.toJSON();
  const pieces = json.model['vocab'];
  if (json.model.type !== 'WordPiece' && json.model.type !== 'BPE')
    throw new Error(`A student over pieces of a ${json.model.type} tokeniser cannot be exported: its ids cannot be changed. Train one over words or characters, or over pieces of a WordPiece or BPE tokeniser.`); // prettier-ignore
  const isSpecial = new Set(json.added_tokens.map(({content}) => content));
  const vocab: Record<string, number> = {[padding]: paddingId, [unknown]: unknownId};
  for (const piece of Object.keys(pieces as Record<string, number>)) {
    if (!isSpecial.has(piece)) vocab[piece] = vocabulary.id(piece);
  }
  return {
    ...common,
    added_tokens: [special(paddingId, padding), special(unknownId, unknown)],
    normalizer: json.normalizer,
    pre_tokenizer: json.pre_tokenizer,
    post_processor: null,
    model: {...json.model, vocab, unk_token: unknown},
  };
};

const common = {version: '1.0', truncation: null, padding: null, decoder: null};

const special = (id: number, content: string) => ({
  ...{id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true},
});

/** tokenizer_config.json, for transformers. */
export const tokenizerConfig = (vocabulary: Vocabulary, maxTokens: number): Readonly<Record<string, unknown>> => ({
  tokenizer_class: 'PreTrainedTokenizerFast',
  pad_token: vocabulary.toJSON().padding,
  unk_token: vocabulary.toJSON().unknown,
  model_max_length: maxTokens,
  clean_up_tokenization_spaces: false,
});
