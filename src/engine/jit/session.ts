import * as ort from 'onnxruntime-node';
import {encodeModel, type OnnxModel} from '../../io/onnx.ts';

export interface Session {
  readonly inputNames: readonly string[];
  /** Outputs are written into the tensors of `fetches`. */
  run(feeds: Readonly<Record<string, ort.Tensor>>, fetches: Readonly<Record<string, ort.Tensor>>): Promise<void>;
  close(): Promise<void>;
}

/**
 * Threads that wait by spinning slow everything two to three times where several processes share a machine, which is how
 * seeds are trained. Denormal numbers cost about a hundred times a normal one and occur when gates saturate.
 */
const extra = {session: {set_denormal_as_zero: '1', intra_op: {allow_spinning: '0'}, inter_op: {allow_spinning: '0'}}};

export const openSession = async (model: OnnxModel, threads: number): Promise<Session> => {
  const session = await ort.InferenceSession.create(encodeModel(model), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // The trace folds constants and shares equal expressions itself: ONNX Runtime finds nothing more in these graphs, and
    // looking for it is more than half of the time that a session takes to open.
    graphOptimizationLevel: 'disabled',
    // Arenas keep the activations of every shape for ever; freed after each run, all shapes share the same memory.
    enableCpuMemArena: false,
    enableMemPattern: false,
    // Warnings are about initializers that no node reads and the like: of no use to anybody who trains.
    logSeverityLevel: 3,
    extra,
  });
  return {
    inputNames: session.inputNames,
    run: async (feeds, fetches) => {
      await session.run(feeds, fetches);
    },
    close: () => session.release(),
  };
};

/** A tensor over `data` itself, not a copy: what is written into the array is what the next run reads. */
export const hostTensor = (
  dtype: 'float32' | 'int32',
  shape: readonly number[],
  data: Float32Array | Int32Array,
): ort.Tensor => new ort.Tensor(dtype, data, shape);
