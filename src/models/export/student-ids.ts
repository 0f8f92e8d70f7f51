import fs from 'node:fs';
import path from 'node:path';
import {smoothedIdf} from '../../math/idf.ts';
import type {TokenizerJson} from '../../text/tokenizer-json.ts';
import type {Student} from '../student-folder.ts';
import {foldedWeights} from './folded-weights.ts';
import type {FoldedWeights} from './folded-weights.ts';
import {pieceTokenizer, tokenizerConfig, vocabularyTokenizer} from './tokenizer-json.ts';

/** What other programs need in order to read texts as the student does. */
export interface StudentIds {
  readonly tokenizer: {readonly json: TokenizerJson; readonly config: Readonly<Record<string, unknown>>};
  /** Tokens in the order of their ids. */
  readonly names: readonly string[];
  readonly folded: FoldedWeights;
}

/** `folder`: the student's, whose tokenizer.json is its teacher's. */
export const studentIds = (student: Student, folder: string): StudentIds => {
  const {config, vocabulary, idf} = student;
  if (config.unit === 'piece') {
    throw new Error(
      "A student over USE-lite's pieces cannot be exported: no tokenizer.json can cut texts as USE-lite does. " +
        'Train it with unit: word, character or teacher-piece.',
    );
  }
  const {padding, unknown, tokens} = vocabulary.toJSON();
  const json =
    config.unit === 'teacher-piece'
      ? pieceTokenizer(JSON.parse(fs.readFileSync(path.join(folder, 'tokenizer.json'), 'utf8')) as TokenizerJson, vocabulary) // prettier-ignore
      : vocabularyTokenizer({...config, unit: config.unit}, vocabulary);
  return {
    tokenizer: {json, config: tokenizerConfig(vocabulary, config.maxTokens)},
    names: [padding, unknown, ...tokens],
    folded: foldedWeights(config, idf, idsOfWords(student), {
      vocabulary: vocabulary.size,
      unknownIdf: smoothedIdf(idf.documents, 0),
    }),
  };
};

const idsOfWords = ({config, vocabulary, tokenizer}: Student): ((word: string) => ArrayLike<number>) => {
  if (config.unit === 'word') return word => [vocabulary.id(word)];
  if (tokenizer === null) return word => vocabulary.encode(Array.from(word));
  const rowOf = new Int32Array(tokenizer.size).fill(vocabulary.id(''));
  for (const [piece, id] of tokenizer.pieces) rowOf[id] = vocabulary.id(piece);
  return word => {
    const {ids, starts, ends} = tokenizer.encodeWithOffsets(word);
    return ids.filter((_, at) => starts[at] !== ends[at]).map(id => rowOf[id]!);
  };
};
