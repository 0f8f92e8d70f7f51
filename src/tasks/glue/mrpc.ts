import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** Lines without their ends; a byte order mark stays where it is, in the header. */
const linesOf = (file: string): string[] => {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map(line => line.replace(/\r$/, ''));
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
};

/**
 * GLUE's MRPC from Microsoft's files, as GLUE's own script makes it: the pairs that `devIds` lists are dev, the rest of the
 * training file is train, and the test file gets an index in place of its labels.
 */
export const makeMrpc = (
  folder: string,
  {train, test, devIds}: {readonly train: string; readonly test: string; readonly devIds: string},
): void => {
  const wanted = new Set(linesOf(devIds).map(line => line.split('\t').join(' ')));
  const [header, ...rows] = linesOf(train);
  if (header === undefined || !header.endsWith('Quality\t#1 ID\t#2 ID\t#1 String\t#2 String'))
    throw new Error(`${train} does not begin with Quality, #1 ID, #2 ID, #1 String, #2 String: it is not Microsoft's file. Delete it and run again.`); // prettier-ignore
  const isDev = (row: string): boolean => wanted.has(row.split('\t').slice(1, 3).join(' '));
  const write = (name: string, lines: readonly string[]): void =>
    writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  const trimmed = rows.map(row => row.trim());
  write('train.tsv', [header, ...trimmed.filter(row => !isDev(row))]);
  write('dev.tsv', [header, ...trimmed.filter(isDev)]);
  const tested = linesOf(test).slice(1).map((row, index) => [index, ...row.trim().split('\t').slice(1)].join('\t')); // prettier-ignore
  write('test.tsv', ['index\t#1 ID\t#2 ID\t#1 String\t#2 String', ...tested]);
};
