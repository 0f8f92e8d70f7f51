import type {StudentKind} from './student-kind.ts';

const known = /^[a-z][a-z0-9-]*$/;

/** What a stage that exports students of these kinds lists in `uses`. */
export const kindModule = (model: string): string => `src/models/export/kinds/${model}.ts`;

/** How students of the kind `model` (src/models/students/<model>.ts) leave the pipeline. */
export const loadKind = async (model: string): Promise<StudentKind> => {
  if (!known.test(model)) throw new Error(`Expected a kind of student such as "bilstm", found "${model}".`);
  try {
    return ((await import(/* @vite-ignore */ `./kinds/${model}.ts`)) as {default: StudentKind}).default;
  } catch (error) {
    throw new Error(`Students of the kind "${model}" cannot be exported: ${(error as Error).message}`, {cause: error});
  }
};
