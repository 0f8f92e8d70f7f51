import fc from 'fast-check';
import {InferenceSession, Tensor} from 'onnxruntime-node';
import {expect, test} from 'vitest';
import {encodeModel} from '../../src/io/onnx.ts';
import {createEncoderBuilder} from '../../src/models/encoder-builder.ts';
import {packRows, unpackedRows} from '../../src/models/export/four-bits.ts';

const table = fc.tuple(fc.integer({min: 1, max: 5}), fc.integer({min: 1, max: 9})).chain(([rows, half]) =>
  fc.record({
    shape: fc.constant([rows, 2 * half]),
    data: fc.float32Array({minLength: 2 * rows * half, maxLength: 2 * rows * half, min: -3, max: 3, noNaN: true}),
  }),
);

test('a row in 4 bits is as near as the plain way or nearer, and zeros stay zeros', () => {
  fc.assert(
    fc.property(table, ({shape, data}) => {
      const [rows, dim] = shape as [number, number];
      const {bytes, scales} = packRows({shape, data});
      expect(bytes).toHaveLength((rows * dim) / 2);
      for (let row = 0; row < rows; row++) {
        const own = data.subarray(row * dim, (row + 1) * dim);
        const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        // Sixteen steps from -8 to 7, the largest number at 7.5 of them: off by no more than half a step.
        const plain = own.reduce((sum, value) => {
          const scale = largest / 7.5 || 1;
          return sum + (value - scale * Math.max(-8, Math.min(7, Math.round(value / scale)))) ** 2;
        }, 0);
        const error = own.reduce((sum, value, at) => {
          const byte = bytes[(row * dim) / 2 + (at % (dim / 2))]!;
          return sum + (value - scales[row]! * ((at < dim / 2 ? byte & 15 : byte >> 4) - 8)) ** 2;
        }, 0);
        expect(error).toBeLessThanOrEqual(plain * (1 + 1e-5) + 1e-12);
        expect(error).toBeLessThanOrEqual(dim * (largest / 15) ** 2 * (1 + 1e-5) + 1e-12);
      }
    }),
  );
});

test('ONNX Runtime unpacks the rows that are asked for', async () => {
  const data = Float32Array.from({length: 24}, (_, at) => Math.sin(at * at));
  const {bytes, scales} = packRows({shape: [4, 6], data});
  const graph = createEncoderBuilder();
  const rows = unpackedRows(graph, {shape: [4, 6], data}, 'ids');
  const model = encodeModel({
    ...{name: 'rows', nodes: graph.nodes, initializers: graph.initializers, opset: 17},
    inputs: [{name: 'ids', dtype: 'int64', shape: [2, 2]}],
    outputs: [{name: rows, dtype: 'float32', shape: [2, 2, 6]}],
  });
  const session = await InferenceSession.create(model);
  const ids = [3, 0, 1, 3];
  const found = await session.run({ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [2, 2])});
  const expected = ids.flatMap(id =>
    Array.from({length: 6}, (_, at) => {
      const byte = bytes[id * 3 + (at % 3)]!;
      return Math.fround(scales[id]! * ((at < 3 ? byte & 15 : byte >> 4) - 8));
    }),
  );
  expect(found[rows]!.dims).toEqual([2, 2, 6]);
  expect([...(found[rows]!.data as Float32Array)]).toEqual(expected);
  await session.release();
});
