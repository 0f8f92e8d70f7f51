interface TaskFile {
  readonly path: string;
  readonly axis: Readonly<Record<string, string>>;
}

/**
 * Which file belongs to which task: by the value of the axis `task` of the instance that wrote it, else by position. Files of
 * other tasks are left alone, so that one input may serve arms of different tasks. null where a task has no file.
 */
export const filesByTask = (files: readonly TaskFile[], tasks: readonly string[], input: string): (string | null)[] => {
  const named = files.filter(({axis}) => axis['task'] !== undefined);
  if (named.length === files.length) {
    return tasks.map(task => {
      const own = named.filter(({axis}) => axis['task'] === task);
      if (own.length > 1) throw new Error(`The input \`${input}\` has ${own.length} files of the task "${task}"; expected one. Select it: "@stage{task=${task}}.output".`); // prettier-ignore
      return own[0]?.path ?? null;
    });
  }
  if (files.length !== tasks.length)
    throw new Error(`The input \`${input}\` has ${files.length} files for the tasks ${tasks.join(', ')}; expected one for each, in this order, or files of stages with an axis \`task\`.`); // prettier-ignore
  return files.map(({path}) => path);
};
