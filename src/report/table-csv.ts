import {columnsOf, type Row, type Table, type TableCell} from './table.ts';

/** RFC 4180, with the line ends that git and every reader take. */
const field = (value: string): string => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** Markdown's marks mean nothing in a spreadsheet. */
const plain = (text: string): string =>
  text
    .replace(/\*\*(.+?)\*\*(?!\*)/g, '$1')
    .replaceAll('\\*', '*')
    .replace(/`([^`]*)`/g, '$1')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');

/** Numbers at full precision where there are any: what was rounded for print can be rounded again. */
const valueOf = (cell: TableCell | undefined): string => {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'string') return plain(cell);
  return cell.value === null ? plain(cell.text) : String(cell.value);
};

const partsOf = (cell: TableCell | undefined): Readonly<Record<string, number | null>> =>
  typeof cell === 'object' && cell !== null ? (cell.parts ?? {}) : {};

const starsOf = (cell: TableCell | undefined): string =>
  typeof cell === 'object' && cell !== null ? (/(?:\\\*)+/.exec(cell.text)?.[0] ?? '').replaceAll('\\', '') : '';

/** A column for each number of a cell: `CoLA`, `CoLA spread`, `CoLA n`, `CoLA p`, `CoLA stars`; '' for no rows. */
export const csvTable = <D, R extends Row>(table: Table<D, R>, data: D): string => {
  const rows = table.rows(data);
  if (rows.length === 0) return '';
  const columns = columnsOf(table, data).map(column => {
    const cells = rows.map(row => row[column.key]);
    const name = column.title === '' ? column.key : column.title;
    return {
      key: column.key,
      name,
      parts: [...new Set(cells.flatMap(cell => Object.keys(partsOf(cell))))],
      hasStars: cells.some(cell => starsOf(cell) !== ''),
    };
  });
  const head = columns.flatMap(({name, parts, hasStars}) => [
    name,
    ...parts.map(part => `${name} ${part}`),
    ...(hasStars ? [`${name} stars`] : []),
  ]);
  const body = rows.map(row =>
    columns.flatMap(({key, parts, hasStars}) => [
      valueOf(row[key]),
      ...parts.map(part => String(partsOf(row[key])[part] ?? '')),
      ...(hasStars ? [starsOf(row[key])] : []),
    ]),
  );
  return `${[head, ...body].map(line => line.map(field).join(',')).join('\n')}\n`;
};
