import fs from 'node:fs';
import {DataType} from 'apache-arrow';
import type {Field} from 'apache-arrow';
import {openArrowBlocks} from './arrow-blocks.ts';
import {halvesInto} from './half.ts';

/** Vectors read one by one from an Arrow file: memory does not grow with it. */
export interface VectorFile {
  readonly rows: number;
  readonly dim: number;
  /** Writes vector number `index` to the front of `target`. */
  read(index: number, target: Float32Array): void;
  /** A copy of vector number `index`. */
  row(index: number): Float32Array;
  close(): void;
}

/** Buffers that a column of this type has in a record batch, in Arrow's order: validity, offsets, values, children's. */
const buffersOf = ({type}: Field): number => {
  if (DataType.isFixedSizeList(type)) return 1 + buffersOf(type.children[0]!);
  return DataType.isUtf8(type) || DataType.isLargeUtf8(type) ? 3 : 2;
};

/**
 * Opens the column `name` of float32 or float16 vectors, or of lists of integers below 2^24 (FixedSizeList without empty
 * cells), for reading in any order.
 */
export const openVectorFile = (path: string, name: string): VectorFile => {
  const {schema, blocks} = openArrowBlocks(path);
  const at = schema.fields.findIndex(field => field.name === name);
  const type = schema.fields[at]?.type as DataType | undefined;
  const item: DataType | undefined =
    type && DataType.isFixedSizeList(type) ? (type.children[0]!.type as DataType) : undefined;
  const isInteger = item !== undefined && DataType.isInt(item) && item.bitWidth === 32 && !item.isSigned;
  const isNumber = isInteger || DataType.isFloat(item);
  const bytes = isNumber ? (item.ArrayType as {BYTES_PER_ELEMENT: number}).BYTES_PER_ELEMENT : 0;
  if (!DataType.isFixedSizeList(type) || (bytes !== 2 && bytes !== 4)) {
    const columns = schema.fields.map(field => field.name).join(', ');
    throw new Error(`${path} has no column "${name}" of float32 or float16 vectors; it has ${columns}.`);
  }
  const dim = type.listSize;
  // Validity of the list, validity of the numbers, the numbers.
  const values = schema.fields.slice(0, at).reduce((sum, field) => sum + buffersOf(field), 0) + 2;
  const starts = blocks.map(block => block.buffers[values]!);
  const ends = new Float64Array(blocks.length);
  let rows = 0;
  for (const [index, block] of blocks.entries()) ends[index] = rows += block.rows;
  const fd = fs.openSync(path, 'r');
  const buffer = new Uint8Array(dim * bytes);
  const read = (index: number, target: Float32Array): void => {
    if (!(index >= 0 && index < rows)) throw new Error(`Internal error: row ${index} of ${rows} in ${path}.`);
    let low = 0;
    for (let high = ends.length - 1; low < high;) {
      const middle = (low + high) >> 1;
      if (ends[middle]! > index) high = middle;
      else low = middle + 1;
    }
    const position = starts[low]! + (index - (ends[low]! - blocks[low]!.rows)) * buffer.length;
    for (let done = 0; done < buffer.length;) {
      const count = fs.readSync(fd, buffer, done, buffer.length - done, position + done);
      if (count === 0) throw new Error(`${path} ends in the middle of row ${index}; was it changed while it was read?`);
      done += count;
    }
    if (isInteger) target.set(new Uint32Array(buffer.buffer));
    else if (bytes === 4) target.set(new Float32Array(buffer.buffer));
    else halvesInto(new Uint16Array(buffer.buffer), target);
  };
  const row = (index: number): Float32Array => {
    const vector = new Float32Array(dim);
    read(index, vector);
    return vector;
  };
  return {rows, dim, read, row, close: () => fs.closeSync(fd)};
};

export interface VectorFiles extends VectorFile {
  /** Rows of the first i + 1 files. */
  readonly ends: readonly number[];
}

/** Several files as one, end to end; vectors of different widths are refused. */
export const openVectorFiles = (paths: readonly string[], name: string): VectorFiles => {
  const files = paths.map(path => openVectorFile(path, name));
  const close = (): void => files.forEach(file => file.close());
  const dim = files[0]?.dim ?? 0;
  const other = files.findIndex(file => file.dim !== dim);
  if (other >= 0) {
    close();
    throw new Error(
      `${paths[other]} has vectors of ${files[other]!.dim} numbers, ${paths[0]} of ${dim}: they are of different teachers.`,
    );
  }
  let rows = 0;
  const ends = files.map(file => (rows += file.rows));
  const read = (index: number, target: Float32Array): void => {
    const at = ends.findIndex(end => index < end);
    if (at < 0) throw new Error(`Internal error: row ${index} of ${rows} vectors.`);
    files[at]!.read(index - (ends[at]! - files[at]!.rows), target);
  };
  const row = (index: number): Float32Array => {
    const vector = new Float32Array(dim);
    read(index, vector);
    return vector;
  };
  return {rows, dim, read, row, ends, close};
};
