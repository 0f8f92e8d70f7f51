import type {AnyTaskMethod} from '../../methods/task-method.ts';

/** The method of `src/methods/<name>.ts`, which must be one that learns tasks. */
export const loadTaskMethod = async (name: string): Promise<AnyTaskMethod> => {
  let found: {default?: Partial<AnyTaskMethod>};
  try {
    found = (await import(/* @vite-ignore */ `../../methods/${name}.ts`)) as typeof found;
  } catch (error) {
    if ((error as {code?: string}).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(`There is no method "${name}": expected the file src/methods/${name}.ts.`, {cause: error});
  }
  if (found.default?.learns === 'task') return found.default as AnyTaskMethod;
  throw new Error(
    `The method "${name}" does not learn tasks; sentence vectors are distilled by the stage train-student.`,
  );
};
