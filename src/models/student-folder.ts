import fs from 'node:fs';
import path from 'node:path';
import type {Parameters} from '../engine/types.ts';
import {readSafetensors, writeSafetensors} from '../io/safetensors.ts';
import {Vocabulary} from '../text/vocabulary.ts';
import type {VocabularyJson} from '../text/vocabulary.ts';
import type {PieceTokenizer} from '../text/tokenizer.ts';
import {readWordIdf} from './read-word-idf.ts';
import type {StudentConfig} from './student-config.ts';
import {readStudentTokenizer} from './student-pieces.ts';
import type {WordIdf} from './student-tokens.ts';

/**
 * A student as it leaves the pipeline: config.json, vocabulary.json, idf.arrow and model.safetensors in one folder, and the
 * teacher's tokenizer.json where the student reads the teacher's pieces.
 */
export interface Student {
  readonly config: StudentConfig;
  readonly vocabulary: Vocabulary;
  readonly idf: WordIdf;
  readonly parameters: Parameters;
  readonly tokenizer: PieceTokenizer | null;
}

interface StudentFiles extends Omit<Student, 'idf' | 'tokenizer'> {
  readonly idfFile: string;
  readonly tokenizerFile: string | null;
}

/** `idfFile` is copied beside the model: without the word weights a student cannot read a sentence. */
export const writeStudent = (folder: string, student: StudentFiles): void => {
  fs.mkdirSync(folder, {recursive: true});
  const write = (name: string, value: unknown): void =>
    fs.writeFileSync(path.join(folder, name), `${JSON.stringify(value, null, 1)}\n`);
  write('config.json', student.config);
  write('vocabulary.json', student.vocabulary);
  fs.copyFileSync(student.idfFile, path.join(folder, 'idf.arrow'));
  if (student.tokenizerFile !== null) fs.copyFileSync(student.tokenizerFile, path.join(folder, 'tokenizer.json'));
  writeSafetensors(path.join(folder, 'model.safetensors'), student.parameters, {format: 'pt'});
};

/** `kind`: what a stage's parameters say that the student is; its code is then part of the stage's key. */
export const readStudent = (folder: string, kind?: string): Student => {
  const read = (name: string): unknown => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  const config = read('config.json') as StudentConfig;
  if (kind !== undefined && config.model !== kind) {
    throw new Error(
      `${folder} holds a student of the kind "${config.model}", but \`model\` is "${kind}": write params: {model: ${config.model}}.`,
    );
  }
  return {
    config,
    tokenizer: config.unit === 'teacher-piece' ? readStudentTokenizer(path.join(folder, 'tokenizer.json')) : null,
    vocabulary: Vocabulary.fromJSON(read('vocabulary.json') as VocabularyJson),
    idf: readWordIdf(path.join(folder, 'idf.arrow')),
    parameters: readSafetensors(path.join(folder, 'model.safetensors')).tensors,
  };
};
