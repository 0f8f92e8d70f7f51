import {
  DataType,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  Schema,
  Type,
  Uint32,
  Utf8,
  makeData,
} from 'apache-arrow';
import type {Data} from 'apache-arrow';

/** `{float32: 512}` is a column of vectors, FixedSizeList<float32>[512]. */
export type ColumnType = 'utf8' | 'uint32' | 'int32' | 'float32' | 'float64' | {readonly float32: number};

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

const vectorType = (dim: number): FixedSizeList<Float32> =>
  new FixedSizeList(dim, new Field('item', new Float32(), true));

const arrowType = (type: ColumnType): DataType => {
  if (typeof type === 'object') return vectorType(type.float32);
  if (type === 'utf8') return new Utf8();
  if (type === 'uint32') return new Uint32();
  if (type === 'int32') return new Int32();
  return type === 'float32' ? new Float32() : new Float64();
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
  return typeof type === 'object' && values instanceof Float32Array ? values.length / type.float32 : values.length;
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

const vectorData = (name: string, dim: number, values: ColumnValues, nulls: Nulls, rows: number): Data => {
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
  const child = makeData({type: new Float32(), length: rows * dim, data: flat});
  return makeData({type: vectorType(dim), length: rows, ...nulls, child});
};

/** One column of one batch in Arrow's layout. Plain numeric typed arrays of the right kind are not copied. */
export const columnData = (name: string, column: Column, values: ColumnValues): Data => {
  const type = typeOf(column);
  const rows = rowsOf(column, values);
  const nulls = Array.isArray(values) ? nullsOf(name, column, values) : {nullCount: 0, nullBitmap: null};
  if (typeof type === 'object') return vectorData(name, type.float32, values, nulls, rows);
  if (type === 'utf8') return textData(values as readonly (string | null)[], nulls);
  // An empty cell counts as 0 in the buffer; the bitmap says that it is empty.
  const numbers = values as ArrayLike<number>;
  const length = rows;
  if (type === 'uint32') {
    return makeData({
      type: new Uint32(),
      length,
      ...nulls,
      data: numbers instanceof Uint32Array ? numbers : Uint32Array.from(numbers),
    });
  }
  if (type === 'int32') {
    return makeData({
      type: new Int32(),
      length,
      ...nulls,
      data: numbers instanceof Int32Array ? numbers : Int32Array.from(numbers),
    });
  }
  if (type === 'float32') {
    return makeData({
      type: new Float32(),
      length,
      ...nulls,
      data: numbers instanceof Float32Array ? numbers : Float32Array.from(numbers),
    });
  }
  return makeData({
    type: new Float64(),
    length,
    ...nulls,
    data: numbers instanceof Float64Array ? numbers : Float64Array.from(numbers),
  });
};

const typeName = (data: Data): string => Type[data.typeId];

const isMissing = (data: Data, row: number): boolean => data.nullCount > 0 && !data.getValid(row);

/** Cells as strings; the bytes are decoded by Buffer, because TextDecoder would drop a leading byte order mark. */
export const readStrings = (name: string, data: Data): (string | null)[] => {
  if (!DataType.isUtf8(data.type) && !DataType.isLargeUtf8(data.type)) {
    throw new Error(`Column "${name}" holds ${typeName(data)}, expected text (utf8).`);
  }
  const {buffer, byteOffset, byteLength} = data.values as Uint8Array;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const offsets = data.valueOffsets as ArrayLike<number | bigint>;
  return Array.from({length: data.length}, (_, row) =>
    isMissing(data, row) ? null : bytes.toString('utf8', Number(offsets[row]), Number(offsets[row + 1])),
  );
};

/** Cells as numbers; an empty cell is NaN. */
export const readNumbers = (name: string, data: Data, target: Float64Array): void => {
  if (!DataType.isInt(data.type) && !DataType.isFloat(data.type)) {
    throw new Error(`Column "${name}" holds ${typeName(data)}, expected numbers.`);
  }
  const values = data.values as ArrayLike<number | bigint>;
  for (let row = 0; row < data.length; row++) target[row] = isMissing(data, row) ? Number.NaN : Number(values[row]);
};

/** Width of a vector column, known even when there are no rows. */
export const dimOf = (type: DataType | undefined): number => (DataType.isFixedSizeList(type) ? type.listSize : 0);

/** A view of all vectors of a batch, end to end: [row, dim]. An empty cell is a vector of zeros. */
export const readVectors = (name: string, data: Data): {readonly dim: number; readonly data: Float32Array} => {
  const child = data.children[0];
  if (!DataType.isFixedSizeList(data.type) || !child || !(child.values instanceof Float32Array)) {
    throw new Error(`Column "${name}" holds ${typeName(data)}, expected float32 vectors (FixedSizeList).`);
  }
  return {dim: data.type.listSize, data: child.values.subarray(0, data.length * data.type.listSize)};
};
