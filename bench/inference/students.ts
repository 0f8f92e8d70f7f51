import {createRandom} from '../../src/math/random.ts';
import {serve} from '../../src/models/export/served-student.ts';
import type {PrecisionName} from '../../src/models/export/precision.ts';
import {openStudentNetwork} from '../../src/models/open-student.ts';
import {studentShape} from '../../src/models/student-config.ts';
import type {StudentShape} from '../../src/models/student-config.ts';
import type {Student} from '../../src/models/student-folder.ts';
import {studentVocabulary} from '../../src/models/student-tokens.ts';
import type {WordIdf} from '../../src/models/student-tokens.ts';
import type {PieceTokenizer} from '../../src/text/tokenizer.ts';
import type {TimedModel} from './timed-model.ts';

/** Students of the sizes that are measured elsewhere, 384 wide as MiniLM; untrained, which costs the same. */
export const benchStudents: Readonly<Record<string, Partial<StudentShape>>> = {
  'BiLSTM 128→2×192': {model: 'bilstm', embedding: 128, hidden: 192, pooling: 'idf'},
  'BiLSTM 128→2×192, 2 layers': {model: 'bilstm', embedding: 128, hidden: 192, pooling: 'idf', settings: {layers: 2}},
  'static 256': {model: 'static', embedding: 256, pooling: 'idf'},
};

export const makeStudent = async (
  shape: Partial<StudentShape>,
  idf: WordIdf,
  tokenizer: PieceTokenizer,
): Promise<Student> => {
  // prettier-ignore
  const whole = studentShape.parse({unit: 'teacher-piece', vocabulary: 30_000, maxTokens: 64, ...shape});
  const vocabulary = await studentVocabulary(idf, whole, tokenizer);
  const width = 384;
  const network = await openStudentNetwork(whole, {vocabulary: vocabulary.size, width});
  const parameters = network.init(createRandom('bench'));
  return {config: {...whole, language: 'en', width}, vocabulary, idf, tokenizer, parameters};
};

export const openBenchStudent = async (
  student: Student,
  options: {readonly precision: PrecisionName; readonly threads: number; readonly rows: number},
): Promise<TimedModel & {readonly bytes: number}> => {
  const served = await serve(student, options);
  return {
    bytes: served.bytes,
    read: texts => texts.map(served.read),
    embed: async texts => {
      if (options.rows > 1) await served.embed(texts);
      else for (const text of texts) await served.embed([text]);
    },
    close: () => served.close(),
  };
};
