import type {ReportData} from './data.ts';
import {renderTable, type AnyTable, type Row, type Table} from './table.ts';

/** Pieces of markdown that index.md and cost.md share. */

export interface Picture {
  readonly name: string;
  /** What is to be seen, in words: the picture's alternative text. */
  readonly alt: string;
  /** A markdown table of the picture's numbers. */
  readonly numbers: string;
}

/** A table with the name of its file, which its LaTeX and CSV are called by. */
export interface NamedTable {
  readonly name: string;
  readonly table: AnyTable<ReportData>;
}

export const folded = (summary: string, body: string): string =>
  `<details>\n<summary>${summary}</summary>\n\n${body.trimEnd()}\n\n</details>`;

export const bullets = (lines: readonly string[]): string => lines.map(line => `- ${line}`).join('\n');

export const paragraphs = (parts: readonly string[]): string => parts.filter(part => part.trim() !== '').join('\n\n');

export const pictureBlock = ({name, alt, numbers}: Picture): string =>
  paragraphs([`![${alt}](plots/${name}.svg)`, folded('The numbers of this picture', numbers)]);

/** Heading (or, folded, a summary), table, legend and the table's pictures; '' where there is none of them. */
export const tableSection = <R extends Row>(
  table: Table<ReportData, R>,
  data: ReportData,
  pictures: readonly Picture[],
): string => {
  const body = renderTable(table, data).trimEnd();
  if (body === '' && pictures.length === 0) return '';
  const legend = body === '' ? [] : (table.legend?.(data) ?? []);
  const parts = [body, bullets(legend), ...pictures.map(pictureBlock)];
  return table.folded ? folded(table.title, paragraphs(parts)) : paragraphs([`## ${table.title}`, ...parts]);
};
