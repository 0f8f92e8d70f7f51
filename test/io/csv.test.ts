import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {readCsv} from '../../src/io/csv.ts';
import {scratchFolder} from '../stage-rig.ts';

const read = async (content: string) => {
  const file = join(await scratchFolder(), 'rows.csv');
  writeFileSync(file, content);
  return [...readCsv(file)].map(({line, cells}) => [line, ...cells]);
};

// By Python 3.11's csv.reader, empty rows left out.
test('cells in quotes hold commas, quotes and line ends; lines are counted through them', async () => {
  const rows = await read('\ufeffa,b\r\n"x, ""y""\nz",1\r\n\r\n,"",\n"""",last');
  expect(rows).toEqual([
    [1, 'a', 'b'],
    [2, 'x, "y"\nz', '1'],
    [5, '', '', ''],
    [6, '"', 'last'],
  ]);
});

test('a quote within a cell is a character, and one that is never closed an error', async () => {
  expect(await read('5" disk,1\n')).toEqual([[1, '5" disk', '1']]);
  await expect(read('a,b\n"open,1\n')).rejects.toThrow(/rows\.csv:2: a quote is opened and never closed/);
});

test('an empty file has no rows', async () => {
  expect(await read('')).toEqual([]);
});
