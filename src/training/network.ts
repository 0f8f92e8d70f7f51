import type {Parameters} from '../engine/types.ts';
import type {Random} from '../math/random.ts';
import {initBilstm} from '../models/bilstm.ts';
import {readWordIdf} from '../models/read-word-idf.ts';
import type {StudentShape} from '../models/student-config.ts';
import {readStudent} from '../models/student-folder.ts';
import {openTextEncoder, studentVocabulary} from '../models/student-tokens.ts';
import type {TextEncoder} from '../models/student-tokens.ts';

/** A student before its head: how it reads, its weights, and how wide its sentence vectors are. */
export interface Network {
  readonly encodeText: TextEncoder;
  readonly parameters: Parameters;
  readonly pooling: StudentShape['pooling'];
  readonly width: number;
}

/** The distilled student in `folder`, or, without one, the same network with random weights. */
export const openNetwork = async (options: {
  readonly folder: string | null;
  readonly idfFile: string;
  readonly student: StudentShape;
  readonly language: 'en' | 'zh';
  readonly width: number;
  readonly random: Random;
}): Promise<Network> => {
  if (options.folder !== null) {
    const {config, vocabulary, idf, parameters} = readStudent(options.folder);
    return {
      encodeText: await openTextEncoder(config, vocabulary, idf),
      parameters,
      pooling: config.pooling,
      width: config.width,
    };
  }
  const {student, language, width, random} = options;
  const idf = readWordIdf(options.idfFile);
  const vocabulary = await studentVocabulary(idf, student);
  const {embedding, hidden, pooling} = student;
  return {
    encodeText: await openTextEncoder({...student, language}, vocabulary, idf),
    parameters: initBilstm({vocabulary: vocabulary.size, embedding, hidden, width}, random),
    pooling,
    width,
  };
};
