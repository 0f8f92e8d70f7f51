import * as tf from '@tensorflow/tfjs-core';
import {sizeOf} from './graph.ts';
import {kernelFunction, kernels} from './kernels.ts';
import {RecordingBackend} from './recording-backend.ts';

/** The tfjs backend's name; `jit` alone might be somebody else's. */
export const backendName = 'distill-jit';

let installed: RecordingBackend | null = null;

/** Registers the backend and its kernels with tfjs, once. */
export const recordingBackend = (): RecordingBackend => {
  if (installed) return installed;
  const backend = (installed = new RecordingBackend());
  // Priority 0: never the default, so that importing the engine changes nobody's backend.
  tf.registerBackend(backendName, () => backend, 0);
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    tf.registerKernel({kernelName, backendName, kernelFunc: kernelFunction(kernel, backend)});
  }
  // A copy is the same data once more, which tfjs's accounts of memory rely on.
  const identity: tf.KernelFunc = ({inputs}) => {
    const {dataId, shape, dtype} = inputs['x'] as tf.TensorInfo;
    backend.entryFor(dataId);
    backend.incRef(dataId);
    return {dataId, shape, dtype};
  };
  tf.unregisterKernel('Identity', backendName);
  tf.registerKernel({kernelName: 'Identity', backendName, kernelFunc: identity});
  const fill = kernelFunction(kernels['Fill']!, backend);
  const fillOrRepeat: tf.KernelFunc = params => {
    const {shape, value} = params.attrs as unknown as tf.FillAttrs;
    if (typeof value !== 'string') return fill(params);
    const repeated = Array.from({length: sizeOf(shape)}, () => tf.util.encodeString(value));
    return {dataId: backend.write(repeated, shape, 'string'), shape, dtype: 'string'};
  };
  tf.unregisterKernel('Fill', backendName);
  tf.registerKernel({kernelName: 'Fill', backendName, kernelFunc: fillOrRepeat});
  return backend;
};
