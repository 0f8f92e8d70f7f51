import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {floatsToHalves, halvesToFloats} from '../../src/io/half.ts';
import {openTensorFiles} from '../../src/io/tensor-files.ts';
import {scratchFolder} from '../stage-rig.ts';

/** A folder with a model.safetensors of this header (as an object or as text) and so many bytes of values. */
const folderWith = async (header: unknown, values: Uint8Array | number = 0, declared?: bigint): Promise<string> => {
  const folder = join(await scratchFolder(), 'model');
  mkdirSync(folder, {recursive: true});
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(declared ?? BigInt(json.length));
  const bytes = typeof values === 'number' ? new Uint8Array(values) : values;
  writeFileSync(join(folder, 'model.safetensors'), Buffer.concat([length, json, bytes]));
  return folder;
};

const tensor = (from: number, to: number, shape: number[], dtype = 'F32') => ({dtype, shape, data_offsets: [from, to]});

describe('a safetensors file whose header lies is refused', () => {
  it.each([
    ['a huge length', {}, 0, 2n ** 63n, /header claims 9223372036854775808 bytes/],
    ['no JSON', '{"a": ', 0, undefined, /header is not JSON/],
    ['a list', '[]', 0, undefined, /header is no object/],
    ['overlapping offsets', {a: tensor(0, 8, [2]), b: tensor(4, 12, [2])}, 12, undefined, /"b" overlaps/],
    ['a gap', {a: tensor(0, 8, [2]), b: tensor(12, 20, [2])}, 20, undefined, /4 bytes before tensor "b"/],
    ['bytes left over', {a: tensor(0, 8, [2])}, 9, undefined, /1 bytes at its end/],
    ['offsets beyond the file', {a: tensor(0, 400, [100])}, 8, undefined, /lies at 0…400, the file has 8 bytes/],
    [
      'offsets that do not fit the shape',
      {a: tensor(0, 8, [3])},
      8,
      undefined,
      /\[3\] of F32 needs 12 bytes, its offsets give 8/,
    ],
    ['a shape beyond all numbers', {a: tensor(0, 8, [2 ** 52, 2 ** 52])}, 8, undefined, /its offsets give 8/],
    ['a negative shape', {a: tensor(0, 8, [-2])}, 8, undefined, /lacks a shape/],
    ['an unknown type', {a: tensor(0, 8, [2], 'F99')}, 8, undefined, /unknown type F99/],
  ])('%s', async (_, header, values, declared, message) => {
    const folder = await folderWith(header, values, declared);
    expect(() => openTensorFiles(folder)).toThrow(message);
  });

  it('and so is a file that ends in its length, and a folder without one', async () => {
    const folder = await folderWith({});
    writeFileSync(join(folder, 'model.safetensors'), 'abc');
    expect(() => openTensorFiles(folder)).toThrow(/it has 3 bytes/);
    const pickled = await scratchFolder();
    writeFileSync(join(pickled, 'pytorch_model.bin'), '');
    expect(() => openTensorFiles(pickled)).toThrow(/only pytorch_model\.bin.*save_pretrained/);
  });
});

it('floating-point types are read as float32, others are refused', async () => {
  const values = Buffer.alloc(8 + 4 + 4 + 4 + 8);
  values.writeDoubleLE(0.1, 0);
  values.writeFloatLE(-2.5, 8);
  values.set([0x00, 0x3c, 0x01, 0x80], 12); // binary16: 1 and −2⁻²⁴
  values.set([0x80, 0x3f, 0x40, 0xc0], 16); // bfloat16: 1 and −3
  const folder = await folderWith(
    {
      d: tensor(0, 8, [1], 'F64'),
      f: tensor(8, 12, [1], 'F32'),
      h: tensor(12, 16, [2], 'F16'),
      b: tensor(16, 20, [2], 'BF16'),
      i: tensor(20, 28, [1], 'I64'),
    },
    values,
  );
  const files = openTensorFiles(folder);
  expect([...files.read('d')]).toEqual([Math.fround(0.1)]);
  expect([...files.read('f')]).toEqual([-2.5]);
  expect([...files.read('h')]).toEqual([1, -(2 ** -24)]);
  expect([...files.read('b')]).toEqual([1, -3]);
  expect(() => files.read('i')).toThrow(/"i" holds I64; weights of F64, F32, F16 and BF16/);
  expect(() => files.read('x')).toThrow(/has no tensor "x"/);
  files.close();
});

describe('binary16', () => {
  it('goes to float32 and back for every value', () => {
    const all = Uint16Array.from({length: 65_536}, (_, at) => at);
    const back = floatsToHalves(halvesToFloats(all));
    for (let bits = 0; bits < 65_536; bits++) {
      const isNaN = (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;
      expect(isNaN ? back[bits]! & 0x7c00 : back[bits]).toBe(isNaN ? 0x7c00 : bits);
    }
  });

  it('takes the nearest value, the even one of two', () => {
    // numpy 2.4.6: np.array([...], 'f4').astype('f2').view('u2')
    const floats = Float32Array.of(1.00048828125, 1.00146484375, 65519, 65520, 2 ** -25, 2 ** -24 * 1.5, 1e-9, -0.1);
    expect([...floatsToHalves(floats)]).toEqual([0x3c00, 0x3c02, 0x7bff, 0x7c00, 0, 2, 0, 0xae66]);
    fc.assert(
      fc.property(fc.float({min: -60_000, max: 60_000, noNaN: true}), value => {
        const [near] = halvesToFloats(floatsToHalves(Float32Array.of(value)));
        expect(Math.abs(near! - value)).toBeLessThanOrEqual(Math.max(2 ** -25, Math.abs(value) * 2 ** -11));
      }),
    );
  });
});
