import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs `work`, which awaits nothing, with `name` as tfjs's current backend. Trainers on different backends may take turns:
 * once a backend has started, tfjs switches to it at once, so nobody can come in between.
 */
export const onBackend = async <T>(name: string, work: () => T): Promise<T> => {
  if (!(tf.findBackend(name) as tf.KernelBackend | null)) await tf.setBackend(name);
  if (tf.getBackend() !== name) void tf.setBackend(name);
  if (tf.getBackend() !== name) throw new Error(`Internal error: the TensorFlow.js backend "${name}" did not start`);
  return work();
};
