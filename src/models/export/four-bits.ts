import type {HostTensor} from '../../engine/types.ts';
import type {EncoderBuilder} from '../encoder-builder.ts';

/** Two numbers of 0 to 15 in each byte: the first half of a row in the low bits, the second in the high ones. */
export interface PackedRows {
  /** [row, dim / 2] */
  readonly bytes: Uint8Array;
  /** [row]; a number is (4 bits − 8) · its row's scale. */
  readonly scales: Float32Array;
}

/** Shares of a row's largest number that 7.5 steps may reach: clipping the largest makes the steps of all others finer. */
const reaches = Float64Array.from({length: 11}, (_, at) => 1 - at * 0.05);

/** Each row of a table [row, dim], dim even, in steps of its own: those of the least squared error among `reaches`. */
export const packRows = ({shape, data}: HostTensor): PackedRows => {
  const [rows, dim] = shape as [number, number];
  if (dim % 2 !== 0)
    throw new Error(`int4 puts two numbers in a byte: embeddings of ${dim} numbers cannot be packed. Write int8.`);
  const half = dim / 2;
  const scales = new Float32Array(rows);
  const bytes = new Uint8Array(rows * half);
  for (let row = 0; row < rows; row++) {
    const own = data.subarray(row * dim, (row + 1) * dim);
    const scale = (scales[row] = bestScale(own));
    for (let at = 0; at < half; at++)
      bytes[row * half + at] = step(own[at]!, scale) + 8 + 16 * (step(own[half + at]!, scale) + 8);
  }
  return {bytes, scales};
};

const step = (value: number, scale: number): number => Math.max(-8, Math.min(7, Math.round(value / scale)));

const bestScale = (row: ArrayLike<number>): number => {
  let largest = 0;
  for (let at = 0; at < row.length; at++) largest = Math.max(largest, Math.abs(row[at]!));
  let best = {scale: 1, error: Number.POSITIVE_INFINITY};
  for (const reach of largest === 0 ? [] : reaches) {
    const scale = Math.fround((largest * reach) / 7.5);
    let error = 0;
    for (let at = 0; at < row.length; at++) error += (row[at]! - step(row[at]!, scale) * scale) ** 2;
    if (error < best.error) best = {scale, error};
  }
  return best.scale;
};

/** The rows at integer `ids` of any shape as float32 [...ids, dim]: only these are unpacked, so the table stays small in memory. */
export const unpackedRows = (graph: EncoderBuilder, table: HostTensor, ids: string): string => {
  const {bytes, scales} = packRows(table);
  const [rows, dim] = table.shape as [number, number];
  const name = `four_bits_${graph.initializers.length}`;
  graph.initializers.push({name, dtype: 'uint8', shape: [rows, dim / 2], data: bytes});
  const number = (of: string, value: number): string => graph.floats(`${name}.${of}`, [], Float32Array.of(value));
  const packed = graph.op('Cast', [graph.op('Gather', [name, ids])], {to: 1});
  const high = graph.op('Floor', [graph.op('Mul', [packed, number('sixteenth', 1 / 16)])]);
  const low = graph.op('Sub', [packed, graph.op('Mul', [high, number('sixteen', 16)])]);
  const steps = graph.op('Sub', [graph.op('Concat', [low, high], {axis: -1}), number('middle', 8)]);
  return graph.op('Mul', [steps, graph.op('Gather', [graph.floats(`${name}.scales`, [rows, 1], scales), ids])]);
};
