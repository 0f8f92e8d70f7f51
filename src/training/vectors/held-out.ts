import type {Engine, Parameters} from '../../engine/types.ts';
import {createRandom} from '../../math/random.ts';
import type {StudentForward} from '../../models/student.ts';
import {openStudentEncoder} from '../../models/student-encoder.ts';
import type {EncodedText} from '../../models/encoded-text.ts';
import {similarityPairs, teacherMatch} from '../../evaluation/teacher-match.ts';
import type {TeacherMatch} from '../../evaluation/teacher-match.ts';
import {rowsOf} from '../../math/vector-rows.ts';
import type {TaughtCorpus} from './taught-corpus.ts';

/** The last sentences of a corpus, on which a student is compared with its teacher and from which it learns nothing. */
export interface HeldOut {
  readonly sentences: readonly EncodedText[];
  /** `vectors` [sentence, dim] */
  match(vectors: Float32Array): TeacherMatch;
  /** How close a student with these parameters is. */
  readonly matchOf: (parameters: Parameters) => Promise<TeacherMatch>;
}

export const openHeldOut = (
  corpus: TaughtCorpus,
  count: number,
  {engine, student}: {readonly engine: Engine; readonly student: StudentForward},
): HeldOut => {
  const first = corpus.length - count;
  const {dim} = corpus.teacher;
  const sentences = Array.from({length: count}, (_, at) => corpus.at(first + at)!);
  const data = new Float32Array(count * dim);
  for (let at = 0; at < count; at++) data.set(corpus.teacher.row(first + at), at * dim);
  const teacher = rowsOf(data, dim);
  // The pairs are the same for every seed of the student: they measure it, they are not part of it.
  const pairs = similarityPairs(teacher, count, createRandom('similarity pairs'));
  const match = (vectors: Float32Array): TeacherMatch => teacherMatch(rowsOf(vectors, dim), teacher, count, pairs);
  const matchOf = async (parameters: Parameters): Promise<TeacherMatch> => {
    const encoder = openStudentEncoder({engine, parameters, network: student, width: dim, rows: 64});
    const vectors = await encoder.encode(sentences);
    await encoder.close();
    return match(vectors);
  };
  return {sentences, match, matchOf};
};
