import type {StudentNetwork} from '../../models/student.ts';
import {openStudentNetwork} from '../../models/open-student.ts';
import {readWordIdf} from '../../models/read-word-idf.ts';
import type {StudentShape} from '../../models/student-config.ts';
import {readStudentTokenizer} from '../../models/student-pieces.ts';
import {openFastReader} from '../../models/fast-reader.ts';
import {studentVocabulary} from '../../models/student-tokens.ts';
import type {TextEncoder} from '../../models/encoded-text.ts';
import type {Vocabulary} from '../../text/vocabulary.ts';

/** A student that is about to learn: what it reads, and its network once the width of its vectors is known. */
export interface NewStudent {
  readonly vocabulary: Vocabulary;
  readonly encodeText: TextEncoder;
  open(width: number): Promise<StudentNetwork>;
}

export interface NewStudentOptions {
  readonly student: StudentShape;
  readonly language: 'en' | 'zh';
  readonly idfFile: string;
  /** The teacher's tokenizer.json, for students that read its pieces. */
  readonly tokenizerFile: string | null;
}

/** One that has learnt nothing yet: its vocabulary comes from the words of `idfFile`. */
export const openNewStudent = async (options: NewStudentOptions): Promise<NewStudent> => {
  const {student, language, tokenizerFile} = options;
  const idf = readWordIdf(options.idfFile);
  const tokenizer = tokenizerFile === null ? null : readStudentTokenizer(tokenizerFile);
  const vocabulary = await studentVocabulary(idf, student, tokenizer);
  // Padding and the unknown token alone: each text would be the same to it.
  if (vocabulary.tokens.length === 0)
    throw new Error(
      `${options.idfFile} lists ${idf.words.length} words, and a student with \`unit: ${student.unit}\` finds no token in them that two documents have. ` +
        'Was the table made of these sentences, in this language?',
    );
  return {
    vocabulary,
    encodeText: await openFastReader({config: {...student, language}, vocabulary, idf, tokenizer}),
    open: width => openStudentNetwork(student, {vocabulary: vocabulary.size, width}),
  };
};
