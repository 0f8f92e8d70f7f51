import {mkdtempSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {readSafetensors, writeSafetensors} from '../../src/io/safetensors.ts';

const folder = mkdtempSync(join(tmpdir(), 'safetensors-'));
const file = join(folder, 'model.safetensors');

test('what is written comes back, bit for bit, in order, with its metadata', () => {
  const tensor = fc.array(fc.integer({min: 0, max: 4}), {maxLength: 3}).chain(shape => {
    const size = shape.reduce((a, b) => a * b, 1);
    return fc.float32Array({minLength: size, maxLength: size}).map(data => ({shape, data}));
  });
  const names = fc
    .string({minLength: 1})
    .filter(name => !['__metadata__', '__proto__'].includes(name) && !/^\d+$/.test(name));
  fc.assert(
    fc.property(fc.dictionary(names, tensor), fc.dictionary(names, fc.string()), (tensors, metadata) => {
      writeSafetensors(file, tensors, metadata);
      const read = readSafetensors(file);
      expect(Object.keys(read.tensors)).toEqual(Object.keys(tensors));
      for (const [name, {shape, data}] of Object.entries(tensors)) {
        expect(read.tensors[name]!.shape).toEqual(shape);
        expect(Buffer.from(read.tensors[name]!.data.buffer).equals(Buffer.from(data.buffer))).toBe(true);
      }
      expect({...read.metadata}).toEqual({...metadata});
    }),
    {numRuns: 50},
  );
  expect(readdirSync(folder)).toEqual(['model.safetensors']);
});

test('a file of the reference implementation', () => {
  // safetensors' README: 8 bytes of length, the header, the values. Written by hand from that text, header unpadded.
  const header = '{"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"__metadata__":{"format":"pt"}}';
  const bytes = Buffer.alloc(8 + header.length + 8);
  bytes.writeBigUInt64LE(BigInt(header.length));
  bytes.write(header, 8);
  bytes.writeFloatLE(1.5, 8 + header.length);
  bytes.writeFloatLE(-2, 12 + header.length);
  writeFileSync(file, bytes);
  expect(readSafetensors(file)).toEqual({
    tensors: {w: {shape: [2, 1], data: Float32Array.of(1.5, -2)}},
    metadata: {format: 'pt'},
  });
});

describe('a broken file is refused with what is wrong', () => {
  const entry = (shape: unknown, offsets: unknown, dtype = 'F32'): object => ({dtype, shape, data_offsets: offsets});
  const refuse = (header: unknown, values: number, message: string | RegExp): void => {
    const json = typeof header === 'string' ? header : JSON.stringify(header);
    const bytes = Buffer.alloc(8 + Buffer.byteLength(json) + values);
    bytes.writeBigUInt64LE(BigInt(Buffer.byteLength(json)));
    bytes.write(json, 8);
    writeFileSync(file, bytes);
    expect(() => readSafetensors(file)).toThrow(message);
  };

  test.each<[string, unknown, number, string]>([
    ['no JSON', '{"w":', 0, 'its header is not JSON'],
    ['no object', '[]', 0, 'its header is not an object'],
    ['no offsets', {w: {dtype: 'F32', shape: [1]}}, 4, 'tensor "w" lacks a shape or two data_offsets'],
    ['a negative shape', {w: entry([-1], [0, 4])}, 4, 'tensor "w" lacks a shape'],
    ['another type', {w: entry([2], [0, 4], 'F16')}, 4, 'tensor "w" is F16; only F32 is read here'],
    ['offsets beyond the file', {w: entry([2], [0, 8])}, 4, 'tensor "w" lies at 0…8, the file has 4 bytes of values'],
    ['offsets backwards', {w: entry([0], [4, 0])}, 4, 'tensor "w" lies at 4…0'],
    ['a shape that needs more', {w: entry([3], [0, 8])}, 8, 'tensor "w" [3] needs 12 bytes, its offsets give 8'],
    ['an overlap', {a: entry([2], [0, 8]), b: entry([1], [4, 8])}, 8, 'tensor "b" overlaps the one before it'],
    ['a hole', {a: entry([1], [0, 4]), b: entry([1], [8, 12])}, 12, 'bytes 4…8 before tensor "b" belong to no tensor'],
    ['bytes at the end', {a: entry([1], [0, 4])}, 8, '4 bytes at the end belong to no tensor'],
    ['metadata of numbers', {__metadata__: {n: 1}}, 0, '__metadata__ is not a record of strings'],
  ])('%s', (_, header, values, message) => refuse(header, values, message));

  test('a header longer than the file, and a file shorter than its first field', () => {
    const bytes = Buffer.alloc(16);
    bytes.writeBigUInt64LE(2n ** 60n);
    writeFileSync(file, bytes);
    expect(() => readSafetensors(file)).toThrow(/its header claims 1152921504606846976 bytes, the file has 16/);
    writeFileSync(file, Buffer.alloc(3));
    expect(() => readSafetensors(file)).toThrow('it has 3 bytes');
  });
});

test('a failed write leaves the old file and nothing else', () => {
  writeSafetensors(file, {w: {shape: [1], data: Float32Array.of(1)}});
  const before = readFileSync(file);
  expect(() => writeSafetensors(file, {w: {shape: [2], data: Float32Array.of(1)}})).toThrow('"w" [2] has 1 values');
  expect(() => writeSafetensors(join(folder, 'missing', 'x'), {})).toThrow(/ENOENT/);
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(folder)).toEqual(['model.safetensors']);
});
