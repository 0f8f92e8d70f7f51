/** How many files an input takes. */
export type Arity = 'one' | 'optional' | 'many' | 'any';

/** Each arity's least and largest number of files, and how a message says it. */
export const arities: Readonly<
  Record<Arity, {readonly least: number; readonly most: number; readonly expected: string}>
> = {
  one: {least: 1, most: 1, expected: 'one file'},
  optional: {least: 0, most: 1, expected: 'at most one file'},
  many: {least: 1, most: Number.POSITIVE_INFINITY, expected: 'at least one file'},
  any: {least: 0, most: Number.POSITIVE_INFINITY, expected: 'any number of files'},
};
