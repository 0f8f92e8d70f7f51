import {markdownTable} from 'markdown-table';
import {fixed} from './format.ts';
import {groupsBySharing} from './order.ts';

/** A number with a wording of its own ("**72.0** ± 0.7"): `text` is printed, `value` is what a diff compares. */
export interface Worded {
  readonly value: number | null;
  readonly text: string;
  /** What the wording is made of (`{spread: 0.6, n: 20, p: 0.003}`): columns of their own in CSV. */
  readonly parts?: Readonly<Record<string, number | null>>;
}

export type TableCell = string | number | Worded | null;
export type Row = Readonly<Record<string, TableCell>>;

export interface Column<R extends Row> {
  readonly key: keyof R & string;
  readonly title: string;
  readonly digits?: number;
  readonly align?: 'left' | 'right';
  /** Not every row has it. In a report, rows that share no such column stand in a table of their own. */
  readonly optional?: boolean;
}

/** A table of a report: found by its file name in `tables/`; rendering and the diff come for free. */
export interface Table<D, R extends Row> {
  readonly title: string;
  /** A function where the columns depend on the data (one an arm). */
  readonly columns: readonly Column<R>[] | ((data: D) => readonly Column<R>[]);
  rows(data: D): readonly R[];
  /** It shows timings: it stands in cost.md, so that index.md stays the same where only timings differ. */
  readonly timed?: boolean;
  /** Secondary: in the report it is folded under its title. */
  readonly folded?: boolean;
  /** Pictures that belong below the table, by name. */
  readonly pictures?: readonly string[];
  /** Lines below the table that say what its marks mean; computed from the data, never typed. */
  legend?(data: D): readonly string[];
}

/** Identity: it exists for inference, so that a column whose key no row has does not compile. */
export const defineTable = <D, R extends Row>(table: Table<D, R>): Table<D, R> => table;

export type AnyTable<D> = Table<D, Row>;

/** A cell as markdown; `–` where there is nothing. */
export const shown = (cell: TableCell | undefined, digits = 0): string => {
  if (cell === null || cell === undefined) return '–';
  if (typeof cell === 'object') return cell.text;
  return typeof cell === 'number' ? fixed(cell, digits) : cell;
};

/** A GFM table. Cells are not padded to a common width, else one changed number would change every line in git. */
export const gfm = (
  head: readonly string[],
  body: readonly (readonly string[])[],
  align: readonly ('left' | 'right')[] = [],
): string => {
  const escape = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return `${markdownTable(
    [head, ...body].map(row => row.map(escape)),
    {alignDelimiters: false, align: head.map((_, i) => (align[i] === 'right' ? 'r' : ''))},
  )}\n`;
};

export const columnsOf = <D, R extends Row>(table: Table<D, R>, data: D): readonly Column<R>[] =>
  typeof table.columns === 'function' ? table.columns(data) : table.columns;

/** '' for a table without rows; several tables where rows have none of their optional columns in common. */
export const renderTable = <D, R extends Row>(table: Table<D, R>, data: D): string => {
  const columns = columnsOf(table, data);
  const rows = table.rows(data);
  if (rows.length === 0) return '';
  const hasValue = (row: R, {key}: Column<R>): boolean => (row[key] ?? null) !== null;
  const sharing = groupsBySharing(rows, row => columns.filter(c => c.optional && hasValue(row, c)).map(c => c.key));
  const tables = sharing.map(own => {
    const kept = columns.filter(c => !c.optional || own.some(row => hasValue(row, c)));
    return gfm(
      kept.map(c => c.title),
      own.map(row => kept.map(c => shown(row[c.key], c.digits))),
      kept.map(c => c.align ?? 'left'),
    );
  });
  return tables.join('\n');
};
