import ort from 'onnxruntime-node';
import {useLiteDim} from './use-lite-weights.ts';

/** One batch: texts as piece ids, and pooling weights of their pieces. */
export interface PieceBatch {
  readonly ids: readonly Int32Array[];
  /** For each text [pooling, piece] end to end; the weights of one pooling sum to 1. */
  readonly weights: readonly Float32Array[];
  /** In how many ways each text is pooled: the same states, so a further way costs next to nothing. Default 1. */
  readonly poolings?: number;
}

export interface UseLiteSession {
  /** Sentence vectors of length 1, end to end: [text, pooling, 512]. */
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
    extra: {
      session: {
        intra_op: {allow_spinning: options.threads === 1 ? '0' : '1'},
      },
    },
  });
  return {
    embed: async ({ids, weights, poolings = 1}) => {
      const pieces = Math.max(1, ...ids.map(text => text.length));
      const paddedIds = new BigInt64Array(ids.length * pieces).fill(-1n);
      const paddedWeights = new Float32Array(ids.length * poolings * pieces);
      for (const [row, text] of ids.entries()) {
        for (let at = 0; at < text.length; at++) paddedIds[row * pieces + at] = BigInt(text[at] ?? -1);
        for (let way = 0; way < poolings; way++) {
          const ofWay = weights[row]?.subarray(way * text.length, (way + 1) * text.length) ?? [];
          paddedWeights.set(ofWay, (row * poolings + way) * pieces);
        }
      }
      const result = await session.run({
        ids: new ort.Tensor('int64', paddedIds, [ids.length, pieces]),
        weights: new ort.Tensor('float32', paddedWeights, [ids.length, poolings, pieces]),
      });
      const embedding = result['embedding']?.data;
      if (!(embedding instanceof Float32Array) || embedding.length !== ids.length * poolings * useLiteDim) {
        throw new Error('Internal error: the graph of USE-lite gave no embedding.');
      }
      return embedding;
    },
    close: () => session.release(),
  };
};
