import fs from 'node:fs';
import path from 'node:path';
import {readEncoderFolder} from '../models/encoder-folder.ts';
import {openEncoderTeacher} from '../models/encoder-teacher.ts';
import {serve} from '../models/export/served-student.ts';
import type {PrecisionName} from '../models/export/precision.ts';
import type {StudentConfig} from '../models/student-config.ts';
import {readStudent} from '../models/student-folder.ts';
import {openUseLiteTeacher} from '../models/use-lite-teacher.ts';
import {bertBaseModel, bertBaseParameters, openBertBase} from './bert-base.ts';

/** A model to be timed on one thread: its vectors are thrown away. */
export interface TimedEncoder {
  readonly name: string;
  /** On disk: what has to be there to make vectors. */
  readonly bytes: number;
  readonly parameters: number;
  encode(texts: readonly string[]): Promise<unknown>;
  close(): Promise<void>;
}

/** A teacher, and what cuts its texts. */
export interface TimedTeacher extends TimedEncoder {
  readonly tokenizer: {encode(text: string, most: number): Int32Array};
}

const threads = 1;

const bytesIn = (folder: string): number =>
  fs.readdirSync(folder).reduce((sum, file) => sum + fs.statSync(path.join(folder, file)).size, 0);

/** A student as it serves, its vocabulary and the IDF of its words counted among its bytes. */
export const openTimedStudent = async (folder: string, precision: PrecisionName): Promise<TimedEncoder> => {
  const student = readStudent(folder);
  const {config, parameters} = student;
  const served = await serve(student, {precision, threads});
  const weights = fs.statSync(path.join(folder, 'model.safetensors')).size;
  return {
    name: `${nameOf(config)}${precision === 'float32' ? '' : `, ${precision}`}`,
    bytes: bytesIn(folder) - (precision === 'float32' ? 0 : weights - served.bytes),
    parameters: Object.values(parameters).reduce((sum, {data}) => sum + data.length, 0),
    encode: texts => served.embed(texts),
    close: () => served.close(),
  };
};

/** `BiLSTM 128 → 2 × 192 → 384, 2 layers`. */
const nameOf = ({model, embedding, hidden, width, settings}: StudentConfig): string => {
  const states: Readonly<Record<string, string>> = {static: '', bilstm: ` → 2 × ${hidden}`};
  const {layers} = settings as {readonly layers?: number};
  const depth = layers !== undefined && layers > 1 ? `, ${layers} layers` : '';
  return `${model === 'bilstm' ? 'BiLSTM' : model} ${embedding}${states[model] ?? ` → ${hidden}`} → ${width}${depth}`;
};

/** USE-lite (null) or the encoder of a folder, pooled as the model does it: what a user of the teacher alone would run. */
export const openTimedTeacher = async (folder: string | null): Promise<TimedTeacher> => {
  const teacher = folder === null ? await openUseLiteTeacher({threads}) : await openEncoderTeacher({folder, threads});
  const {bytes, parameters, tokenizer} = teacher;
  const config = folder === null ? null : readEncoderFolder(folder).config;
  return {
    ...{name: config ? `encoder ${config.layers} × ${config.width}` : 'USE-lite', bytes, parameters, tokenizer},
    encode: texts => teacher.embed(texts),
    close: () => teacher.session.close(),
  };
};

/**
 * BERT-base (12 layers, 768 wide) with a vocabulary of so many pieces: arbitrary weights, on which neither size nor speed
 * depends. Texts are cut as the teacher cuts them.
 */
export const openTimedBertBase = async (
  vocabulary: number,
  {tokenizer}: Pick<TimedTeacher, 'tokenizer'>,
): Promise<TimedEncoder> => {
  const bert = await openBertBase(bertBaseModel(), tokenizer, {threads, rows: 32});
  const parameters = bertBaseParameters(vocabulary);
  return {
    ...{name: 'BERT-base’s shape', bytes: 4 * parameters, parameters},
    encode: texts => bert.embed(texts),
    close: () => bert.close(),
  };
};
