import type {z} from 'zod';
import {InputError} from './input-error.ts';

export const parseJson = (text: string, where: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${where} isn't JSON: ${(error as Error).message}`, {cause: error});
  }
};

/** `value` as `schema` says, or an error that names the place and lists what is wrong (the first five). */
export const checked = <S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> => {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issues = read.error.issues.slice(0, 5).map(issue => `  ${issue.path.join('.') || '(top)'}: ${issue.message}`);
  const more = read.error.issues.length - issues.length;
  throw new InputError(
    [`${where} isn't what was expected:`, ...issues, ...(more > 0 ? [`  … and ${more} more`] : [])].join('\n'),
  );
};
