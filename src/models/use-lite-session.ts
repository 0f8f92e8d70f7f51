import ort from 'onnxruntime-node';
import {useLiteDim} from './use-lite.ts';

/** One batch: texts as piece ids, and a pooling weight for each piece (they sum to 1 in a text). */
export interface PieceBatch {
  readonly ids: readonly Int32Array[];
  readonly weights: readonly Float32Array[];
}

export interface UseLiteSession {
  /** Sentence vectors of length 1, end to end: [text, 512]. */
  embed(batch: PieceBatch): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Runs the graph of `useLiteGraph` (encoded to ONNX) on the CPU with this many threads. */
export const openUseLite = async (options: {
  readonly model: Uint8Array;
  readonly threads: number;
}): Promise<UseLiteSession> => {
  const session = await ort.InferenceSession.create(options.model, {
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // With one thread other jobs have the other cores, and threads that spin while they wait would slow them down.
    extra: {session: {intra_op: {allow_spinning: options.threads === 1 ? '0' : '1'}}},
  });
  return {
    embed: async ({ids, weights}) => {
      const pieces = Math.max(1, ...ids.map(text => text.length));
      const paddedIds = new BigInt64Array(ids.length * pieces).fill(-1n);
      const paddedWeights = new Float32Array(ids.length * pieces);
      for (const [row, text] of ids.entries()) {
        for (let at = 0; at < text.length; at++) paddedIds[row * pieces + at] = BigInt(text[at] ?? -1);
        paddedWeights.set(weights[row] ?? [], row * pieces);
      }
      const shape = [ids.length, pieces];
      const result = await session.run({
        ids: new ort.Tensor('int64', paddedIds, shape),
        weights: new ort.Tensor('float32', paddedWeights, shape),
      });
      const embedding = result['embedding']?.data;
      if (!(embedding instanceof Float32Array) || embedding.length !== ids.length * useLiteDim) {
        throw new Error('Internal error: the graph of USE-lite gave no embedding.');
      }
      return embedding;
    },
    close: () => session.release(),
  };
};
