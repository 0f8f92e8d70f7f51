import path from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import type {Parameters} from '../../engine/types.ts';
import {openFastReader} from '../../models/fast-reader.ts';
import {openStudentNetwork} from '../../models/open-student.ts';
import {readWordIdf} from '../../models/read-word-idf.ts';
import type {StudentConfig} from '../../models/student-config.ts';
import {readStudent} from '../../models/student-folder.ts';
import type {NewStudent, NewStudentOptions} from './new-student.ts';

/** A distilled student that goes on learning, with the vocabulary, the tokenizer and the weights that it has. */
export interface StartStudent extends NewStudent {
  readonly parameters: Parameters;
  readonly tokenizerFile: string | null;
}

/** The student in `folder`; words are weighed by `idfFile`. One of another shape than `student` is refused. */
export const openStartStudent = async (folder: string, options: NewStudentOptions): Promise<StartStudent> => {
  const {config, vocabulary, parameters, tokenizer} = readStudent(folder);
  checkShape(folder, config, {...options.student, language: options.language});
  return {
    ...{vocabulary, parameters},
    encodeText: await openFastReader({config, vocabulary, idf: readWordIdf(options.idfFile), tokenizer}),
    tokenizerFile: tokenizer && path.join(folder, 'tokenizer.json'),
    open: width => {
      if (width === config.width) return openStudentNetwork(config, {vocabulary: vocabulary.size, width});
      throw new Error(
        `The student to go on from, ${folder}, has vectors of ${config.width} numbers, and those to learn have ${width}: it is another teacher's.`,
      );
    },
  };
};

const checkShape = (folder: string, found: StudentConfig, wanted: Omit<StudentConfig, 'width'>): void => {
  const differing = (Object.keys(wanted) as (keyof typeof wanted)[])
    .filter(name => !isDeepStrictEqual(wanted[name], found[name]))
    .map(name => `  ${name}: ${JSON.stringify(found[name])}, the params say ${JSON.stringify(wanted[name])}`);
  if (differing.length === 0) return;
  throw new Error(
    [
      `The student to go on from, ${folder}, has another shape:`,
      ...differing,
      'Give `student` and `language` as it was distilled with.',
    ].join('\n'),
  );
};
