import * as ort from 'onnxruntime-node';
import {expect, test} from 'vitest';
import {encodeModel} from '../../src/io/onnx.ts';

test('a graph with every kind of attribute that runtimes read comes back with the right numbers', async () => {
  const bytes = encodeModel({
    name: 'kinds',
    nodes: [
      // ints, int
      {op: 'Transpose', inputs: ['x'], outputs: ['t'], attributes: {perm: [1, 0]}},
      // floats by name
      {op: 'Gemm', inputs: ['t', 'w'], outputs: ['g'], attributes: {alpha: {float: 0.5}, transB: 1}},
      {
        op: 'ConstantOfShape',
        inputs: ['s'],
        outputs: ['c'],
        attributes: {value: {tensor: {dtype: 'float32', shape: [1], data: Float32Array.of(3)}}},
      },
      {op: 'Add', inputs: ['g', 'c'], outputs: ['y']},
      // an optional input left out, a domain, a string
      {op: 'Pad', inputs: ['y', 'p', '', ''], outputs: ['z'], attributes: {mode: 'edge'}},
      {op: 'FusedMatMul', domain: 'com.microsoft', inputs: ['x', 'x'], outputs: ['f'], attributes: {transA: 1}},
    ],
    inputs: [{name: 'x', dtype: 'float32', shape: ['rows', 2]}],
    outputs: [
      {name: 'z', dtype: 'float32', shape: ['a', 'b']},
      {name: 'f', dtype: 'float32', shape: [2, 2]},
    ],
    initializers: [
      {name: 'w', dtype: 'float32', shape: [1, 3], data: Float32Array.of(1, 2, 3)},
      {name: 's', dtype: 'int64', shape: [2], data: BigInt64Array.of(2n, 1n)},
      {name: 'p', dtype: 'int64', shape: [4], data: BigInt64Array.of(0n, 0n, 0n, 1n)},
    ],
  });
  const session = await ort.InferenceSession.create(bytes);
  expect(session.inputNames).toEqual(['x']);
  const {z, f} = await session.run({x: new ort.Tensor('float32', Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2])});
  // t = [[1,3,5],[2,4,6]]; g = t·w / 2 = [11, 14]; + 3; the last column once more.
  expect([...(z!.data as Float32Array)]).toEqual([14, 14, 17, 17]);
  expect(z!.dims).toEqual([2, 2]);
  // xᵀx
  expect([...(f!.data as Float32Array)]).toEqual([35, 44, 44, 56]);
});

test('a subgraph is an attribute', async () => {
  const branch = (name: string, op: string) => ({
    name,
    nodes: [{op, inputs: ['x', 'one'], outputs: [`${name}.y`]}],
    inputs: [],
    outputs: [{name: `${name}.y`, dtype: 'float32' as const, shape: [2]}],
    initializers: [],
  });
  const bytes = encodeModel({
    name: 'branches',
    nodes: [
      {
        op: 'If',
        inputs: ['up'],
        outputs: ['y'],
        attributes: {then_branch: {graph: branch('a', 'Add')}, else_branch: {graph: branch('b', 'Sub')}},
      },
    ],
    inputs: [
      {name: 'x', dtype: 'float32', shape: [2]},
      {name: 'up', dtype: 'bool', shape: [1]},
    ],
    outputs: [{name: 'y', dtype: 'float32', shape: [2]}],
    initializers: [{name: 'one', dtype: 'float32', shape: [1], data: Float32Array.of(1)}],
  });
  const session = await ort.InferenceSession.create(bytes);
  const x = new ort.Tensor('float32', Float32Array.of(5, 7), [2]);
  const run = async (up: boolean) => [
    ...((await session.run({x, up: new ort.Tensor('bool', Uint8Array.of(up ? 1 : 0), [1])}))['y']!
      .data as Float32Array),
  ];
  expect(await run(true)).toEqual([6, 8]);
  expect(await run(false)).toEqual([4, 6]);
});

test('the same model gives the same bytes, and mistakes are named', () => {
  const model = (data: Float32Array, attributes = {}) => ({
    name: 'm',
    nodes: [{op: 'Add', inputs: ['a', 'a'], outputs: ['b'], attributes}],
    inputs: [],
    outputs: [{name: 'b', dtype: 'float32' as const, shape: [2]}],
    initializers: [{name: 'a', dtype: 'float32' as const, shape: [2], data}],
  });
  expect(encodeModel(model(Float32Array.of(1, 2)))).toEqual(encodeModel(model(Float32Array.of(1, 2))));
  expect(() => encodeModel(model(Float32Array.of(1, 2, 3)))).toThrow('ONNX tensor a has 3 values, its shape [2] has 2');
  expect(() => encodeModel(model(Float32Array.of(1, 2), {alpha: 0.5}))).toThrow('alpha = 0.5 is no integer');
});
