import type {Task} from './task.ts';

/** Names that may be part of a module's path. */
export const taskName = /^[a-z][a-z0-9-]*$/;

/** What a stage that loads this task by name lists in `uses`. */
export const taskModule = (name: string): string => `src/tasks/${name}.ts`;

/** The task declared in `src/tasks/<name>.ts`. */
export const loadTask = async (name: string): Promise<Task> => {
  if (!taskName.test(name)) throw new Error(`Expected a task's name like "sts-b", found "${name}".`);
  const {default: task} = (await import(/* @vite-ignore */ `./${name}.ts`)) as {default?: Task};
  if (task?.name === name) return task;
  const found = task ? `the name "${task.name}"` : 'no default export';
  throw new Error(`${taskModule(name)} must export default defineTask({name: '${name}', …}), found ${found}.`);
};
