import {Field, FixedSizeList, Float16, Float32, Float64, Int32, Schema, Uint32, Utf8, makeData} from 'apache-arrow';
import type {Data, DataType} from 'apache-arrow';
import {floatsToHalves} from './half.ts';

/**
 * `{float32: 512}` is a column of vectors, FixedSizeList<float32>[512]; `{float16: 512}` one that keeps half the bits;
 * `{uint32: 8}` one of lists of integers.
 */
export type ColumnType = 'utf8' | 'uint32' | 'int32' | 'float32' | 'float64' | VectorType;

type VectorType = {readonly float32: number} | {readonly float16: number} | {readonly uint32: number};

const widthOf = (type: VectorType): number => Object.values(type)[0] as number;

export type Column = ColumnType | {readonly type: ColumnType; readonly nullable: true};

/**
 * Values of one column of one batch. Numbers may be a typed array of any kind; a vector column takes all rows end to
 * end (length rows × dim), or one array a row. `null` is allowed in nullable columns only.
 */
export type ColumnValues =
  | readonly (string | null)[]
  | readonly (number | null)[]
  | readonly (Float32Array | null)[]
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

const typeOf = (column: Column): ColumnType => (typeof column === 'object' && 'type' in column ? column.type : column);

const isNullable = (column: Column): boolean => typeof column === 'object' && 'type' in column;

const vectorType = (type: VectorType): FixedSizeList =>
  new FixedSizeList(widthOf(type), new Field('item', itemType(type), true));

const itemType = (type: VectorType): DataType =>
  'float32' in type ? new Float32() : 'float16' in type ? new Float16() : new Uint32();

const arrowType = (type: ColumnType): DataType => {
  if (typeof type === 'object') return vectorType(type);
  if (type === 'utf8') return new Utf8();
  return numericTypes[type].type();
};

export const schemaOf = (
  columns: Readonly<Record<string, Column>>,
  metadata: Readonly<Record<string, string>>,
): Schema =>
  new Schema(
    Object.entries(columns).map(([name, column]) => new Field(name, arrowType(typeOf(column)), isNullable(column))),
    new Map(Object.entries(metadata)),
  );

/** Rows that these values make up, before anything is checked. */
export const rowsOf = (column: Column, values: ColumnValues): number => {
  const type = typeOf(column);
  const flat = values instanceof Float32Array || values instanceof Uint32Array;
  return typeof type === 'object' && flat ? values.length / widthOf(type) : values.length;
};

interface Nulls {
  readonly nullCount: number;
  readonly nullBitmap: Uint8Array | null;
}

// Arrow's validity bitmap: bit i (least significant first) is 1 where row i has a value.
const nullsOf = (name: string, column: Column, values: ColumnValues): Nulls => {
  const bitmap = new Uint8Array((values.length + 7) >> 3);
  let nullCount = 0;
  for (let row = 0; row < values.length; row++) {
    if (values[row] === null || values[row] === undefined) nullCount++;
    else bitmap[row >> 3] = (bitmap[row >> 3] ?? 0) | (1 << (row & 7));
  }
  if (nullCount > 0 && !isNullable(column)) {
    throw new Error(`Column "${name}" has ${nullCount} empty values, but it was not declared nullable.`);
  }
  return nullCount === 0 ? {nullCount, nullBitmap: null} : {nullCount, nullBitmap: bitmap};
};

const textData = (values: readonly (string | null)[], nulls: Nulls): Data => {
  const valueOffsets = new Int32Array(values.length + 1);
  let bytes = 0;
  for (let row = 0; row < values.length; row++) {
    bytes += Buffer.byteLength(values[row] ?? '');
    if (bytes > 0x7fff_ffff)
      throw new Error('Internal error: a batch of more than 2 GiB of text; append smaller batches.');
    valueOffsets[row + 1] = bytes;
  }
  const data = Buffer.allocUnsafe(bytes);
  for (let row = 0; row < values.length; row++) data.write(values[row] ?? '', valueOffsets[row] ?? 0);
  return makeData({type: new Utf8(), length: values.length, ...nulls, valueOffsets, data});
};

const vectorData = (name: string, type: VectorType, values: ColumnValues, nulls: Nulls, rows: number): Data => {
  const dim = widthOf(type);
  if ('uint32' in type) {
    const child = makeData({type: new Uint32(), length: rows * dim, data: values as Uint32Array});
    return makeData({type: vectorType(type), length: rows, ...nulls, child});
  }
  let flat: Float32Array;
  if (values instanceof Float32Array) flat = values;
  else {
    flat = new Float32Array(rows * dim);
    for (const [row, vector] of (values as readonly (Float32Array | null)[]).entries()) {
      if (vector === null) continue;
      if (vector.length !== dim) {
        throw new Error(`Column "${name}": expected vectors of ${dim} numbers, got one of ${vector.length}.`);
      }
      flat.set(vector, row * dim);
    }
  }
  const child =
    'float32' in type
      ? makeData({type: new Float32(), length: rows * dim, data: flat})
      : makeData({type: new Float16(), length: rows * dim, data: floatsToHalves(flat)});
  return makeData({type: vectorType(type), length: rows, ...nulls, child});
};

const numericTypes = {
  uint32: {type: () => new Uint32(), array: Uint32Array},
  int32: {type: () => new Int32(), array: Int32Array},
  float32: {type: () => new Float32(), array: Float32Array},
  float64: {type: () => new Float64(), array: Float64Array},
} as const;

/** One column of one batch in Arrow's layout. Plain numeric typed arrays of the right kind are not copied. */
export const columnData = (name: string, column: Column, values: ColumnValues): Data => {
  const type = typeOf(column);
  const rows = rowsOf(column, values);
  const nulls = Array.isArray(values) ? nullsOf(name, column, values) : {nullCount: 0, nullBitmap: null};
  if (typeof type === 'object') return vectorData(name, type, values, nulls, rows);
  if (type === 'utf8') return textData(values as readonly (string | null)[], nulls);
  // An empty cell counts as 0 in the buffer; the bitmap says that it is empty.
  const numbers = values as ArrayLike<number>;
  const numeric = numericTypes[type];
  const data = numbers instanceof numeric.array ? numbers : numeric.array.from(numbers);
  return makeData({type: numeric.type(), length: rows, ...nulls, data} as never) as Data;
};
