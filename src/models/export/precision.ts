import {floatsToHalves} from '../../io/half.ts';
import type {HostTensor} from '../../engine/types.ts';
import {denseFloat} from '../encoder-builder.ts';
import type {Dense, EncoderBuilder} from '../encoder-builder.ts';
import {int8Dense} from '../encoder-int8.ts';
import {unpackedRows} from './four-bits.ts';
import {floatLstm, int8Lstm} from './lstm-node.ts';
import type {LstmNode} from './lstm-node.ts';

/** `int4`: embeddings in 4 bits, which are most of a student, and all else as in `int8`. */
export type PrecisionName = 'float32' | 'float16' | 'int8' | 'int4';

/** How the weights of a student stand in an ONNX file; what flows between them is float32 in all cases. */
export interface Precision {
  readonly name: PrecisionName;
  /** Rows of a table [row, dim] at integer `ids` of any shape: [...ids, dim]. */
  readonly rows: (graph: EncoderBuilder, table: HostTensor, ids: string) => string;
  /** Numbers that are too few to matter, such as biases. */
  readonly constant: (graph: EncoderBuilder, tensor: HostTensor) => string;
  readonly dense: Dense;
  /** A bidirectional layer: [token, batch, dim] → [token, direction, batch, hidden]. */
  readonly lstm: LstmNode;
}

const fresh = (graph: EncoderBuilder): string => `weights_${graph.initializers.length}`;

const floats = (graph: EncoderBuilder, {shape, data}: HostTensor): string => graph.floats(fresh(graph), shape, data);

const float32: Precision = {
  name: 'float32',
  rows: (graph, table, ids) => graph.op('Gather', [floats(graph, table), ids]),
  constant: floats,
  dense: denseFloat,
  lstm: floatLstm(floats),
};

const halves = (graph: EncoderBuilder, {shape, data}: HostTensor): string => {
  const name = fresh(graph);
  graph.initializers.push({name, dtype: 'float16', shape, data: floatsToHalves(data)});
  return name;
};

/** onnxruntime has no LSTM of 16 bits on a CPU: halves are on disk, and cast when the session opens. */
const toFloat = {to: 1};
const castHalves = (graph: EncoderBuilder, tensor: HostTensor): string =>
  graph.op('Cast', [halves(graph, tensor)], toFloat);

const float16: Precision = {
  name: 'float16',
  // The rows are cast, not the table: it stays half as large in memory too.
  rows: (graph, table, ids) => graph.op('Cast', [graph.op('Gather', [halves(graph, table), ids])], toFloat),
  constant: castHalves,
  dense: (graph, input, {inputs, outputs, kernel, bias}) => {
    const product = graph.op('MatMul', [input, castHalves(graph, {shape: [inputs, outputs], data: kernel})]);
    return bias ? graph.op('Add', [product, castHalves(graph, {shape: [outputs], data: bias})]) : product;
  },
  lstm: floatLstm(castHalves),
};

const int8: Precision = {
  name: 'int8',
  rows: (graph, table, ids) => {
    const {data, scales} = quantizedRows(table);
    const name = fresh(graph);
    graph.initializers.push({name, dtype: 'int8', shape: table.shape, data});
    const rows = graph.op('Cast', [graph.op('Gather', [name, ids])], toFloat);
    return graph.op('Mul', [rows, graph.op('Gather', [floats(graph, {shape: [scales.length, 1], data: scales}), ids])]);
  },
  constant: floats,
  dense: int8Dense,
  lstm: int8Lstm,
};

/** Each row in steps of its own: its largest number is 127 of them. */
export const quantizedRows = ({shape, data}: HostTensor): {data: Int8Array; scales: Float32Array} => {
  const [rows, dim] = shape as [number, number];
  const scales = new Float32Array(rows);
  const quantized = new Int8Array(data.length);
  for (let row = 0; row < rows; row++) {
    let largest = 0;
    for (let at = row * dim; at < (row + 1) * dim; at++) largest = Math.max(largest, Math.abs(data[at]!));
    scales[row] = largest / 127 || 1;
    for (let at = row * dim; at < (row + 1) * dim; at++) quantized[at] = Math.round(data[at]! / scales[row]!);
  }
  return {data: quantized, scales};
};

const int4: Precision = {...int8, name: 'int4', rows: unpackedRows};

export const precisions: Readonly<Record<PrecisionName, Precision>> = {float32, float16, int8, int4};
