import fs from 'node:fs';

/** https://huggingface.co/docs/safetensors: a u64 header length, a JSON header, raw little-endian values. */

/** Bytes of one value of each type that a checkpoint may hold. */
export const bytesPerValue = {
  ...{F64: 8, F32: 4, F16: 2, BF16: 2, F8_E4M3: 1, F8_E5M2: 1},
  ...{I64: 8, I32: 4, I16: 2, I8: 1, U64: 8, U32: 4, U16: 2, U8: 1, BOOL: 1},
} as const;

export type TensorDtype = keyof typeof bytesPerValue;

export interface TensorEntry {
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  /** Where its values lie in the file, in bytes. */
  readonly from: number;
  readonly to: number;
}

export interface SafetensorsHeader {
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The reference implementation refuses longer headers. */
const longestHeader = 100_000_000;

/**
 * Reads the header of an open file and checks it against itself and the file's length, so that nothing that it claims can
 * make a reader allocate or read beyond the file: the ranges of the tensors fit their shapes and cover the rest of the
 * file without gap or overlap.
 */
export const readSafetensorsHeader = (file: number, path: string): SafetensorsHeader => {
  const {size} = fs.fstatSync(file);
  const broken = (what: string): Error =>
    new Error(`${path} is not a sound safetensors file: ${what}. Download or copy it again.`);
  if (size < 8) throw broken(`it has ${size} bytes, the length of its header alone takes 8`);
  const declared = readBytes(file, 0, 8).readBigUInt64LE(0);
  if (declared > BigInt(Math.min(longestHeader, size - 8))) {
    throw broken(`its header claims ${declared} bytes, the file has ${size}`);
  }
  const start = 8 + Number(declared);
  const {__metadata__: metadata = {}, ...records} = parse(readBytes(file, 8, start).toString('utf8'), broken);
  if (!isStrings(metadata)) throw broken('its __metadata__ is not a record of strings');
  const entries = new Map<string, TensorEntry>();
  for (const [name, record] of Object.entries(records)) entries.set(name, toEntry(name, record, start, size, broken));
  checkCover([...entries], start, size, broken);
  return {entries, metadata};
};

/** Bytes `from` to `to` of a file, all of them or an error. */
export const readBytes = (file: number, from: number, to: number): Buffer => {
  const bytes = Buffer.alloc(to - from);
  for (let done = 0; done < bytes.length;) {
    const read = fs.readSync(file, bytes, done, bytes.length - done, from + done);
    if (read === 0)
      throw new Error(`The file ended at byte ${from + done}, expected ${to}: it was cut while it was read.`);
    done += read;
  }
  return bytes;
};

type Broken = (what: string) => Error;

const toEntry = (name: string, record: unknown, start: number, size: number, broken: Broken): TensorEntry => {
  const {dtype, shape, data_offsets: offsets} = (record ?? {}) as Record<string, unknown>;
  if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
    throw broken(`tensor "${name}" lacks a shape or two data_offsets`);
  }
  if (typeof dtype !== 'string' || !Object.hasOwn(bytesPerValue, dtype)) {
    throw broken(`tensor "${name}" has the unknown type ${String(dtype)}`);
  }
  const [from, to] = offsets as [number, number];
  if (to < from || start + to > size) {
    throw broken(`tensor "${name}" lies at ${from}…${to}, the file has ${size - start} bytes of values`);
  }
  const bytes = shape.reduce((product, dimension) => product * dimension, bytesPerValue[dtype as TensorDtype]);
  if (to - from !== bytes) {
    throw broken(
      `tensor "${name}" [${shape.join(', ')}] of ${dtype} needs ${bytes} bytes, its offsets give ${to - from}`,
    );
  }
  return {dtype: dtype as TensorDtype, shape, from: start + from, to: start + to};
};

const checkCover = (entries: [string, TensorEntry][], start: number, size: number, broken: Broken): void => {
  entries.sort(([, a], [, b]) => a.from - b.from || a.to - b.to);
  let end = start;
  for (const [name, {from, to}] of entries) {
    if (from < end) throw broken(`tensor "${name}" overlaps the one before it`);
    if (from > end) throw broken(`${from - end} bytes before tensor "${name}" belong to no tensor`);
    end = to;
  }
  if (end !== size) throw broken(`${size - end} bytes at its end belong to no tensor`);
};

const parse = (text: string, broken: Broken): Record<string, unknown> => {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw broken('its header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw broken('its header is no object');
  return header as Record<string, unknown>;
};

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(item => Number.isSafeInteger(item) && (item as number) >= 0);

const isStrings = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && Object.values(value).every(item => typeof item === 'string');
