import ort from 'onnxruntime-node';
import type {SessionTensor} from '../engine/jit/session-requests.ts';
import {paddedBatch, type EncoderBatch} from './padded-batch.ts';

export interface EncoderSession {
  /** Sentence vectors end to end: [text, width]. */
  embed(batch: EncoderBatch): Promise<Float32Array>;
  /** Whatever outputs the graph has, by name. */
  run(batch: EncoderBatch): Promise<Readonly<Record<string, Float32Array>>>;
  close(): Promise<void>;
}

/** How ONNX Runtime opens the graphs that read texts. */
export const encoderSessionOptions = (threads: number): ort.InferenceSession.SessionOptions => ({
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  enableCpuMemArena: true,
  // With one thread other jobs have the other cores, and threads that spin while they wait would slow them down.
  extra: {
    session: {intra_op: {allow_spinning: threads === 1 ? '0' : '1'}},
    // Would join sums and layer norms to an operator that takes nine times as long as a layer norm.
    optimization: {disable_specified_optimizers: 'SkipLayerNormFusion'},
  },
});

const tensorOf = ({dtype, shape, data}: SessionTensor): ort.Tensor =>
  dtype === 'float32'
    ? new ort.Tensor(dtype, data as Float32Array, shape)
    : new ort.Tensor(dtype, data as Int32Array, shape);

/** Runs the graph of `encoderGraph` (encoded to ONNX) on the CPU with this many threads. */
export const openEncoderSession = async (options: {
  readonly model: Uint8Array;
  readonly threads: number;
}): Promise<EncoderSession> => {
  const session = await ort.InferenceSession.create(options.model, encoderSessionOptions(options.threads));
  const hasTypes = session.inputNames.includes('types');
  const run = async (batch: EncoderBatch): Promise<Record<string, Float32Array>> => {
    const feeds = Object.entries(paddedBatch(batch, hasTypes)).map(([name, feed]) => [name, tensorOf(feed)]);
    const results = await session.run(Object.fromEntries(feeds) as Record<string, ort.Tensor>);
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array]));
  };
  return {
    run,
    embed: async batch => (await run(batch))['vector']!,
    close: () => session.release(),
  };
};
