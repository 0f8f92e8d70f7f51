import fs from 'node:fs';

/** https://huggingface.co/docs/safetensors: u64 header length, a JSON header, raw little-endian values. Only F32 here. */

export interface SafeTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface SafeTensors {
  readonly tensors: Record<string, SafeTensor>;
  readonly metadata: Record<string, string>;
}

/** The reference implementation refuses longer headers. */
const longestHeader = 100_000_000;

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dimension) => size * dimension, 1);

/** Writes beside `path` and renames: a reader sees the old file or the whole new one. Same input, same bytes. */
export const writeSafetensors = (
  path: string,
  tensors: Readonly<Record<string, SafeTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): void => {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  let offset = 0;
  for (const [name, {shape, data}] of Object.entries(tensors)) {
    if (sizeOf(shape) !== data.length) {
      throw new Error(`Internal error: tensor "${name}" [${shape.join(', ')}] has ${data.length} values`);
    }
    header[name] = {dtype: 'F32', shape, data_offsets: [offset, (offset += data.byteLength)]};
  }
  const json = Buffer.from(JSON.stringify(header));
  // Spaces up to a multiple of 8 keep the values aligned, so that readers may map them.
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = fs.openSync(temporary, 'w');
    try {
      writeAll(file, Buffer.concat([length, padded]));
      for (const {data} of Object.values(tensors))
        writeAll(file, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(temporary, path);
  } catch (error) {
    fs.rmSync(temporary, {force: true});
    throw error;
  }
};

/** One write may take less than it was given, at the latest beyond 2 GiB. */
const writeAll = (file: number, bytes: Buffer): void => {
  for (let done = 0; done < bytes.length;) done += fs.writeSync(file, bytes, done);
};

/** Reads a file and checks its header against itself and the file's length; the arrays are copies. */
export const readSafetensors = (path: string): SafeTensors => {
  const file = fs.readFileSync(path);
  const broken = (what: string): Error => new Error(`${path} is not a sound safetensors file: ${what}.`);
  if (file.length < 8) throw broken(`it has ${file.length} bytes, the length of the header alone takes 8`);
  const declared = file.readBigUInt64LE(0);
  if (declared > BigInt(Math.min(longestHeader, file.length - 8))) {
    throw broken(`its header claims ${declared} bytes, the file has ${file.length}`);
  }
  const start = 8 + Number(declared);
  const values = file.subarray(start);
  const {__metadata__: metadata = {}, ...entries} = parseHeader(file.toString('utf8', 8, start), broken);
  const tensors: Record<string, SafeTensor> = {};
  const ranges: {name: string; from: number; to: number}[] = [];
  for (const [name, entry] of Object.entries(entries)) {
    const {dtype, shape, data_offsets: offsets} = (entry ?? {}) as Record<string, unknown>;
    if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2) {
      throw broken(`tensor "${name}" lacks a shape or two data_offsets`);
    }
    if (dtype !== 'F32') throw broken(`tensor "${name}" is ${String(dtype)}; only F32 is read here`);
    const [from, to] = offsets as [number, number];
    if (to < from || to > values.length) {
      throw broken(`tensor "${name}" lies at ${from}…${to}, the file has ${values.length} bytes of values`);
    }
    const size = sizeOf(shape);
    if (to - from !== size * 4) {
      throw broken(`tensor "${name}" [${shape.join(', ')}] needs ${size * 4} bytes, its offsets give ${to - from}`);
    }
    ranges.push({name, from, to});
    // Copied byte by byte: the header's length decides whether the values are aligned.
    const data = new Float32Array(size);
    Buffer.from(data.buffer).set(values.subarray(from, to));
    tensors[name] = {shape, data};
  }
  ranges.sort((a, b) => a.from - b.from || a.to - b.to);
  ranges.reduce((end, {name, from, to}) => {
    if (from < end) throw broken(`tensor "${name}" overlaps the one before it`);
    if (from > end) throw broken(`bytes ${end}…${from} before tensor "${name}" belong to no tensor`);
    return to;
  }, 0);
  const end = ranges.at(-1)?.to ?? 0;
  if (end !== values.length) throw broken(`${values.length - end} bytes at the end belong to no tensor`);
  if (!isStrings(metadata)) throw broken('its __metadata__ is not a record of strings');
  return {tensors, metadata};
};

const parseHeader = (text: string, broken: (what: string) => Error): Record<string, unknown> => {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw broken('its header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw broken('its header is not an object');
  return header as Record<string, unknown>;
};

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(item => Number.isSafeInteger(item) && (item as number) >= 0);

const isStrings = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && Object.values(value).every(item => typeof item === 'string');
