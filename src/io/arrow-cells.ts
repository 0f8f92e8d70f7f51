import {DataType, Type} from 'apache-arrow';
import type {Data} from 'apache-arrow';
import {halvesToFloats} from './half.ts';

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

/** A view of all vectors of a batch, end to end: [row, dim]; float16 is widened into a copy. An empty cell is a vector of zeros. */
export const readVectors = (name: string, data: Data): {readonly dim: number; readonly data: Float32Array} => {
  const child = data.children[0];
  if (
    DataType.isFixedSizeList(data.type) &&
    child &&
    DataType.isFloat(child.type) &&
    child.values instanceof Uint16Array
  ) {
    return {dim: data.type.listSize, data: halvesToFloats(child.values.subarray(0, data.length * data.type.listSize))};
  }
  if (!DataType.isFixedSizeList(data.type) || !child || !(child.values instanceof Float32Array)) {
    throw new Error(`Column "${name}" holds ${typeName(data)}, expected float32 vectors (FixedSizeList).`);
  }
  return {dim: data.type.listSize, data: child.values.subarray(0, data.length * data.type.listSize)};
};
