import type {SessionTensor} from '../engine/jit/session-requests.ts';

/** One batch: texts as piece ids (special ones included) and what each piece's state counts in the text's vector. */
export interface EncoderBatch {
  readonly ids: readonly Int32Array[];
  readonly weights: readonly Float32Array[];
  /** Token types, for graphs built with `pairs`; 0 without. */
  readonly types?: readonly Int32Array[];
}

/**
 * The inputs of `encoderGraph` and of a student's serving graph: `ids`, `types` and `weights` [text, token], 0 on padding,
 * and `lengths` [text]. `memory` is asked for bytes set to 0: an ArrayBuffer, or memory that threads share.
 */
export const paddedBatch = (
  {ids, weights, types}: EncoderBatch,
  hasTypes: boolean,
  memory: (bytes: number) => ArrayBufferLike = bytes => new ArrayBuffer(bytes),
): Record<string, SessionTensor> => {
  const tokens = Math.max(1, ...ids.map(text => text.length));
  const shape = [ids.length, tokens];
  const room = (count: number): ArrayBufferLike => memory(4 * count);
  const padded = <T extends Int32Array | Float32Array>(data: T, rows: readonly T[]): T => {
    for (const [row, values] of rows.entries()) data.set(values, row * tokens);
    return data;
  };
  const lengths = new Int32Array(room(ids.length));
  for (const [row, text] of ids.entries()) lengths[row] = text.length;
  const cells = ids.length * tokens;
  return {
    ids: {dtype: 'int32', shape, data: padded(new Int32Array(room(cells)), ids)},
    lengths: {dtype: 'int32', shape: [ids.length], data: lengths},
    weights: {dtype: 'float32', shape, data: padded(new Float32Array(room(cells)), weights)},
    ...(hasTypes && {types: {dtype: 'int32', shape, data: padded(new Int32Array(room(cells)), types ?? [])}}),
  };
};
