import type {TaskFacts} from './task-method.ts';

/** The map of a student's layer, by which parameters are named too. */
export const mapName = (term: string, layer: number): string => `${term}.${layer}`;

/** A linear map from the student's width to the teacher's for each layer. */
export const mapsBetween = (
  term: string,
  pairs: readonly (readonly [number, number])[],
  {student, teacher}: Pick<TaskFacts, 'student' | 'teacher'>,
): Record<string, readonly [number, number]> =>
  Object.fromEntries(pairs.map(([own]) => [mapName(term, own), [student.width, teacher.width] as const]));
