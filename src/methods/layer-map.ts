import {z} from 'zod';
import {MethodRefusal} from './task-method.ts';
import type {TaskFacts} from './task-method.ts';

/** Which teacher's layer each student's layer learns from: evenly spread, or pairs [student, teacher], from 1; 0 is the embeddings. */
export const layerMap = z
  .union([z.literal('even'), z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])).nonempty()])
  .default('even');

/** Layer j of M learns from layer round(j · L / M) of L: 4 of 12 learn from 3, 6, 9, 12. */
export const mappedLayers = (
  given: z.output<typeof layerMap>,
  {student, teacher}: Pick<TaskFacts, 'student' | 'teacher'>,
): readonly (readonly [number, number])[] => {
  if (given === 'even') {
    return Array.from({length: student.layers}, (_, at) => [
      at + 1,
      Math.round(((at + 1) * teacher.layers) / student.layers),
    ]);
  }
  for (const [own, of] of given) {
    if (own <= student.layers && of <= teacher.layers) continue;
    throw new MethodRefusal(`\`layers\` maps the student's layer ${own} to the teacher's ${of}; they have ${student.layers} and ${teacher.layers}.`); // prettier-ignore
  }
  return given;
};

/** A BiLSTM's one state is its sentence vector; what needs layers or attention cannot use it. */
export const requireEncoder = ({student}: TaskFacts, method: string, because: string): void => {
  if (student.model === 'encoder') return;
  throw new MethodRefusal(`The method "${method}" cannot teach a ${student.model}: ${because}. Use a student of \`model: encoder\`, or lrc-bert, hinton or bilstm-kd, whose losses ask for no layers.`); // prettier-ignore
};
