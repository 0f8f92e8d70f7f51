import type {AnyMethod} from './method.ts';
import type {AnyTaskMethod} from './task-method.ts';

/** What a stage that uses a method lists in `uses`. */
export const methodModule = (name: string): string => `src/methods/${name}.ts`;

const load = async (name: string): Promise<Partial<AnyMethod> | Partial<AnyTaskMethod> | undefined> => {
  try {
    const found = (await import(/* @vite-ignore */ `./${name}.ts`)) as {default?: Partial<AnyMethod>};
    return found.default;
  } catch (error) {
    if ((error as {code?: string}).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(`There is no method "${name}": expected the file ${methodModule(name)}.`, {cause: error});
  }
};

/** The method of `src/methods/<name>.ts`, which must be one that fits sentence vectors. */
export const loadVectorMethod = async (name: string): Promise<AnyMethod> => {
  const found = await load(name);
  if (found?.learns === 'vectors') return found as AnyMethod;
  throw new Error(
    `The method "${name}" does not fit sentence vectors${found ? '; tasks are distilled by the stage distil-task' : ''}.`,
  );
};

/** The method of `src/methods/<name>.ts`, which must be one that learns tasks. */
export const loadTaskMethod = async (name: string): Promise<AnyTaskMethod> => {
  const found = await load(name);
  if (found?.learns === 'task') return found as AnyTaskMethod;
  throw new Error(
    `The method "${name}" does not learn tasks${found ? '; sentence vectors are distilled by the stage train-student' : ''}.`,
  );
};
