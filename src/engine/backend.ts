import * as tf from '@tensorflow/tfjs-core';

/** Makes `name` tfjs's current backend; when this returns, nothing else has run since. */
export const useBackend = async (name: string): Promise<void> => {
  // Another trainer's call may slip in between the switch and this continuation.
  while (tf.getBackend() !== name) {
    if (!(await tf.setBackend(name)))
      throw new Error(`Internal error: the TensorFlow.js backend "${name}" did not start`);
  }
};
