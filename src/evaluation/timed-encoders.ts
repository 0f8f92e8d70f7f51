import fs from 'node:fs';
import path from 'node:path';
import type {Engine} from '../engine/types.ts';
import {openFastReader} from '../models/fast-reader.ts';
import {openUseLiteTeacher} from '../models/use-lite-teacher.ts';
import {openStudentNetwork} from '../models/open-student.ts';
import {openStudentEncoder} from '../models/student-encoder.ts';
import {readStudent} from '../models/student-folder.ts';

/** A model to be timed: its vectors are thrown away. */
export interface TimedEncoder {
  readonly name: string;
  /** On disk, all files that it needs. */
  readonly bytes: number;
  readonly parameters: number;
  encode(texts: readonly string[]): Promise<unknown>;
  close(): Promise<void>;
}

const bytesIn = (folder: string): number =>
  fs.readdirSync(folder).reduce((sum, file) => sum + fs.statSync(path.join(folder, file)).size, 0);

export const openTimedStudent = async (engine: Engine, folder: string): Promise<TimedEncoder> => {
  const student = readStudent(folder);
  const {config, vocabulary, parameters} = student;
  const encodeText = await openFastReader(student);
  const network = await openStudentNetwork(config, {vocabulary: vocabulary.size, width: config.width});
  const encoders = new Map<number, ReturnType<typeof openStudentEncoder>>();
  return {
    name: `BiLSTM ${config.embedding} → 2 × ${config.hidden} → ${config.width}`,
    bytes: bytesIn(folder),
    parameters: Object.values(parameters).reduce((sum, {data}) => sum + data.length, 0),
    encode: texts => {
      // A shape is compiled once for each number of rows: one sentence must not be padded to a full batch.
      const rows = texts.length;
      const encoder =
        encoders.get(rows) ?? openStudentEncoder({engine, parameters, network, width: config.width, rows});
      encoders.set(rows, encoder);
      return encoder.encode(texts.map(encodeText));
    },
    close: async () => {
      for (const encoder of encoders.values()) await encoder.close();
    },
  };
};

/** USE-lite, with even weights: what a user of the teacher alone would run. */
export const openTimedTeacher = async (): Promise<TimedEncoder> => {
  const teacher = await openUseLiteTeacher({threads: 1});
  return {
    name: 'USE-lite',
    bytes: teacher.bytes,
    parameters: teacher.parameters,
    encode: texts => teacher.embed(texts),
    close: () => teacher.session.close(),
  };
};
