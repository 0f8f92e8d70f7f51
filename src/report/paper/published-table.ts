/** A number as its authors printed it, text where they printed words or a signed difference, null where they left a gap. */
export type PublishedValue = number | string | null;

/** A table of a paper. Only facts: the numbers, where they stand, and how sure it is that they stand there. */
export interface PublishedTable {
  readonly paper: string;
  /** `Table 1`, as the paper counts. */
  readonly number: string;
  /** What was measured on what, in our words. */
  readonly about: string;
  readonly columns: readonly string[];
  /** Row name → a value a column. */
  readonly rows: Readonly<Record<string, readonly PublishedValue[]>>;
  /** Row → column → stars as printed there. */
  readonly stars?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Whether the numbers were read in the paper or a copy of it; else they are from memory or from a reader's notes. */
  readonly verified: boolean;
  /** Cells of an unverified table that were read all the same: row → columns, or all of the row. */
  readonly read?: Readonly<Record<string, 'all' | readonly string[]>>;
  readonly source: string;
  readonly notes?: readonly string[];
}

export interface PublishedCell {
  readonly value: number | string;
  readonly stars: string;
  readonly verified: boolean;
}

/** null where the paper prints nothing there. */
export const publishedCell = (table: PublishedTable, row: string, column: string): PublishedCell | null => {
  const value = table.rows[row]?.[table.columns.indexOf(column)];
  if (value === undefined || value === null) return null;
  const read = table.read?.[row];
  const verified = table.verified || read === 'all' || (read?.includes(column) ?? false);
  return {value, stars: table.stars?.[row]?.[column] ?? '', verified};
};

/** Lines for below a table: where the numbers are from, and what is odd about them. */
export const publishedNotes = (table: PublishedTable): string[] => [
  `Published: ${table.paper}, ${table.number} (${table.about}); source: ${table.source}.`,
  ...(table.verified ? [] : ['"unverified": not read in the paper itself, so that the number may be wrong.']),
  ...(table.notes ?? []),
];
