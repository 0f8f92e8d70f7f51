import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ReportData} from './data.ts';
import type {NamedTable} from './sections.ts';
import {csvTable} from './table-csv.ts';
import {latexTable} from './table-latex.ts';

/** Every table that has rows as LaTeX and CSV into `folder`, under the name of its file. */
export const writeTables = (
  tables: readonly NamedTable[],
  dataOf: (table: NamedTable) => ReportData,
  folder: string,
): void => {
  mkdirSync(folder, {recursive: true});
  for (const named of tables) {
    const data = dataOf(named);
    const csv = csvTable(named.table, data);
    if (csv === '') continue;
    writeFileSync(path.join(folder, `${named.name}.csv`), csv);
    writeFileSync(path.join(folder, `${named.name}.tex`), latexTable(named.table, data, named.name));
  }
};
