import {SessionThread} from '../engine/jit/session-thread.ts';
import {encoderSessionOptions, openEncoderSession} from './encoder-session.ts';
import {paddedBatch, type EncoderBatch} from './padded-batch.ts';

export interface ParallelSession {
  /** Sentence vectors end to end, [text, width], of each batch. */
  embed(batches: readonly EncoderBatch[]): Promise<Float32Array[]>;
  close(): Promise<void>;
}

interface Lane {
  /** Cells of what it has been given and has not done yet. */
  load: number;
  embed(batch: EncoderBatch): Promise<Float32Array>;
  close(): Promise<void>;
}

const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);

const openThread = async (model: Uint8Array, width: number): Promise<Lane> => {
  const thread = new SessionThread();
  const session = thread.number();
  await thread.ask('open', {session, model, options: encoderSessionOptions(1)});
  return {
    load: 0,
    embed: async batch => {
      const shape = [batch.ids.length, width];
      const vector = {dtype: 'float32' as const, shape, data: new Float32Array(shared(4 * batch.ids.length * width))};
      const feeds = paddedBatch(batch, false, shared);
      await thread.ask('run', {session, store: undefined, feeds, fetches: {vector}});
      return vector.data;
    },
    close: () => thread.end(),
  };
};

const cellsOf = ({ids}: EncoderBatch): number => ids.length * Math.max(1, ...ids.map(text => text.length));

/**
 * The same graph on several threads, each with batches of its own. An LSTM goes from token to token, and a step is too small
 * to be shared: two threads inside are hardly faster than one, two batches side by side are. ONNX Runtime's `run` blocks the
 * thread that calls it, so that each further session has its own; the first computes in the caller's, which a single text
 * need not leave.
 */
export const openParallelSession = async (options: {
  readonly model: Uint8Array;
  readonly width: number;
  readonly threads: number;
}): Promise<ParallelSession> => {
  const {model, width, threads} = options;
  const lanes: readonly Lane[] = [
    {load: 0, ...(await openEncoderSession({model, threads: 1}))},
    ...(await Promise.all(Array.from({length: threads - 1}, () => openThread(model, width)))),
  ];
  const embedOne = async (batch: EncoderBatch): Promise<Float32Array> => {
    const cells = cellsOf(batch);
    const lane = lanes.reduce((least, other) => (other.load < least.load ? other : least));
    lane.load += cells;
    try {
      return await lane.embed(batch);
    } finally {
      lane.load -= cells;
    }
  };
  return {
    // The dearest is given away first, so that the last ones even out what the threads have to do.
    embed: async batches => {
      const found = new Map<EncoderBatch, Promise<Float32Array>>();
      for (const batch of [...batches].sort((a, b) => cellsOf(b) - cellsOf(a))) found.set(batch, embedOne(batch));
      return Promise.all(batches.map(batch => found.get(batch)!));
    },
    close: async () => {
      await Promise.all(lanes.map(lane => lane.close()));
    },
  };
};
