import fs from 'node:fs';
import path from 'node:path';
import type {Parameters} from '../engine/types.ts';
import {readSafetensors, writeSafetensors} from '../io/safetensors.ts';
import {Vocabulary} from '../text/vocabulary.ts';
import type {VocabularyJson} from '../text/vocabulary.ts';
import {readWordIdf} from './read-word-idf.ts';
import type {StudentConfig} from './student-config.ts';
import type {WordIdf} from './student-tokens.ts';

/** A student as it leaves the pipeline: config.json, vocabulary.json, idf.arrow and model.safetensors in one folder. */
export interface Student {
  readonly config: StudentConfig;
  readonly vocabulary: Vocabulary;
  readonly idf: WordIdf;
  readonly parameters: Parameters;
}

/** `idfFile` is copied beside the model: without the word weights a student cannot read a sentence. */
export const writeStudent = (folder: string, student: Omit<Student, 'idf'> & {readonly idfFile: string}): void => {
  fs.mkdirSync(folder, {recursive: true});
  const write = (name: string, value: unknown): void =>
    fs.writeFileSync(path.join(folder, name), `${JSON.stringify(value, null, 1)}\n`);
  write('config.json', student.config);
  write('vocabulary.json', student.vocabulary);
  fs.copyFileSync(student.idfFile, path.join(folder, 'idf.arrow'));
  writeSafetensors(path.join(folder, 'model.safetensors'), student.parameters, {format: 'pt'});
};

export const readStudent = (folder: string): Student => {
  const read = (name: string): unknown => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  return {
    config: read('config.json') as StudentConfig,
    vocabulary: Vocabulary.fromJSON(read('vocabulary.json') as VocabularyJson),
    idf: readWordIdf(path.join(folder, 'idf.arrow')),
    parameters: readSafetensors(path.join(folder, 'model.safetensors')).tensors,
  };
};
