import {readTsv} from './tsv.ts';

/**
 * The different texts of task files (train.tsv, dev.tsv, test.tsv with a header; columns sentence1 and, in pairs,
 * sentence2), in the order in which they first occur.
 */
export const readTaskTexts = (paths: readonly string[]): string[] => {
  const texts = new Set<string>();
  for (const path of paths) {
    let columns: readonly number[] | undefined;
    for (const {line, cells} of readTsv(path)) {
      if (!columns) {
        columns = [...cells.keys()].filter(column => /^sentence[12]$/.test(cells[column] ?? ''));
        if (columns.length === 0)
          throw new Error(`${path}:${line}: expected a column sentence1, found ${cells.join(', ')}.`);
        continue;
      }
      for (const column of columns) {
        const text = cells[column];
        if (text === undefined)
          throw new Error(`${path}:${line}: has ${cells.length} cells, expected a text in cell ${column + 1}.`);
        texts.add(text);
      }
    }
  }
  return [...texts];
};
