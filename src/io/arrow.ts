import {RecordBatch, Struct, makeData} from 'apache-arrow';
import type {Data, DataType} from 'apache-arrow';
import {openArrowBlocks} from './arrow-blocks.ts';
import {dimOf, readNumbers, readStrings, readVectors} from './arrow-cells.ts';
import {columnData, rowsOf, schemaOf} from './arrow-columns.ts';
import type {Column, ColumnValues} from './arrow-columns.ts';
import {FileWriter} from './arrow-file-writer.ts';
import {vectorsOf} from './arrow-vectors.ts';
import type {ArrowVectors} from './arrow-vectors.ts';

export type {ArrowVectors};

/** Loading this module costs about 90 ms (apache-arrow), so stages import it inside `run`. */
export interface ArrowWriter {
  /** Writes one record batch; the arrays may be reused when the call returns. All columns, equally long. */
  append(batch: Readonly<Record<string, ColumnValues>>): Promise<void>;
  /** Writes the footer. Without it the file is not an Arrow file, and readers refuse it. */
  close(): Promise<void>;
}

/**
 * Writes an Arrow IPC file, uncompressed, one record batch for each `append`. It writes to `path` directly: a file
 * that was not closed has no footer, and the runner renames only what a finished job has written.
 */
export const openArrowWriter = (
  path: string,
  columns: Readonly<Record<string, Column>>,
  options: {readonly metadata?: Readonly<Record<string, string>>} = {},
): ArrowWriter => {
  const schema = schemaOf(columns, options.metadata ?? {});
  const writer = new FileWriter(path, schema);
  const append = (batch: Readonly<Record<string, ColumnValues>>): void => {
    const unknown = Object.keys(batch).filter(name => !(name in columns));
    if (unknown.length > 0) throw new Error(`Internal error: ${path} has no column "${unknown.join('", "')}".`);
    let length: number | undefined;
    const children = Object.entries(columns).map(([name, column]) => {
      const values = batch[name];
      if (values === undefined) throw new Error(`Internal error: a batch of ${path} lacks the column "${name}".`);
      const rows = rowsOf(column, values);
      if (!Number.isInteger(rows)) {
        throw new Error(
          `Internal error: ${values.length} numbers in column "${name}" are not a whole number of vectors.`,
        );
      }
      length ??= rows;
      if (rows !== length)
        throw new Error(`Internal error: column "${name}" has ${rows} rows, the first one ${length}.`);
      return columnData(name, column, values);
    });
    if (length === undefined || length === 0) return;
    writer.write(new RecordBatch(schema, makeData({type: new Struct(schema.fields), length, nullCount: 0, children})));
  };
  return {
    append: async batch => append(batch),
    close: async () => writer.close(),
  };
};

/** Typed access to the columns of a file, or of one of its record batches. An unknown column is an error. */
export interface ArrowColumns {
  readonly rows: number;
  /** Text; an empty cell (null) is an error. */
  strings(name: string): string[];
  nullableStrings(name: string): (string | null)[];
  /** Integers and floats of any width; an empty cell is NaN. */
  numbers(name: string): Float64Array;
  /** Vectors without a copy: `row(i)` is a view of `dim` numbers. */
  vectors(name: string): ArrowVectors;
}

export interface ArrowTable extends ArrowColumns {
  readonly metadata: ReadonlyMap<string, string>;
  readonly columns: readonly string[];
  /** One record batch after the other, each read from the file when it is asked for: memory stays flat. */
  batches(): IterableIterator<ArrowColumns & {readonly start: number}>;
}

const withoutNulls = (name: string, values: readonly (string | null)[]): string[] => {
  const row = values.indexOf(null);
  if (row >= 0) throw new Error(`Column "${name}" has an empty cell in row ${row}; expected text everywhere.`);
  return values as string[];
};

// A column as the record batches have it, one piece a batch.
const accessors = (
  rows: number,
  dim: (name: string) => number,
  pieces: (name: string) => Iterable<Data>,
): ArrowColumns => {
  const nullableStrings = (name: string): (string | null)[] => {
    const texts: (string | null)[] = [];
    for (const data of pieces(name)) for (const text of readStrings(name, data)) texts.push(text);
    return texts;
  };
  return {
    rows,
    nullableStrings,
    strings: name => withoutNulls(name, nullableStrings(name)),
    numbers: name => {
      const target = new Float64Array(rows);
      let start = 0;
      for (const data of pieces(name)) {
        readNumbers(name, data, target.subarray(start));
        start += data.length;
      }
      return target;
    },
    vectors: name => {
      const parts: Float32Array[] = [];
      for (const data of pieces(name)) parts.push(readVectors(name, data).data);
      return vectorsOf(dim(name), parts);
    },
  };
};

/**
 * Opens an Arrow IPC file (uncompressed, no dictionaries). Only the batches' headers are read here; a column is read
 * when it is asked for and kept by whoever asked.
 */
export const readArrow = (path: string): ArrowTable => {
  const {schema, blocks, read} = openArrowBlocks(path);
  const dim = (name: string): number =>
    dimOf(schema.fields.find(field => field.name === name)?.type as DataType | undefined);
  const columns = schema.fields.map(field => field.name);
  const column = (batch: RecordBatch, name: string): Data => {
    const data = batch.getChild(name)?.data[0] as Data | undefined;
    if (!data) throw new Error(`${path} has no column "${name}"; it has ${columns.join(', ')}.`);
    return data;
  };
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const pieces = function* (name: string) {
    if (!columns.includes(name)) throw new Error(`${path} has no column "${name}"; it has ${columns.join(', ')}.`);
    for (const block of blocks) yield column(read(block), name);
  };
  const batches = function* () {
    let start = 0;
    for (const block of blocks) {
      const batch = read(block);
      yield {start, ...accessors(batch.numRows, dim, name => [column(batch, name)])};
      start += block.rows;
    }
  };
  return {metadata: schema.metadata, columns, ...accessors(rows, dim, pieces), batches};
};
