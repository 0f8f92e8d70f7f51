import * as tf from '@tensorflow/tfjs-core';

/** The second direction of a batch reads each sentence backwards; here its states are brought beside the first one's. */

/** Where the same token lies in a batch [token, batch] whose sentences are reversed one by one: int32 [token · batch]. */
export const mirrored = (mask: tf.Tensor2D): tf.Tensor1D => {
  const [tokens, batch] = mask.shape;
  const token = tf.reshape(tf.range(0, tokens, 1, 'float32'), [tokens, 1]);
  const row = tf.reshape(tf.range(0, batch, 1, 'float32'), [1, batch]);
  // Padding stays where it is: it comes last in both orders.
  const from = tf.add(token, tf.mul(mask, tf.sub(tf.sub(tf.sum(mask, 0, true), 1), tf.mul(2, token))));
  return tf.reshape(tf.cast(tf.add(tf.mul(from, batch), row), 'int32'), [tokens * batch]);
};

/** Puts each sentence of states [token, batch, hidden] the other way round. Doing it twice changes nothing: so does the gradient. */
export const turned = (states: tf.Tensor, places: tf.Tensor1D): tf.Tensor => {
  const [tokens, batch, hidden] = states.shape as [number, number, number];
  const gather = (x: tf.Tensor, from: tf.Tensor): tf.Tensor =>
    tf.reshape(tf.gather(tf.reshape(x, [tokens * batch, hidden]), from as tf.Tensor1D), [tokens, batch, hidden]);
  const run = tf.customGrad((...args) => {
    const [x, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
    save([places]); // else it is gone when the gradient is taken
    return {value: gather(x, places), gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gather(dy, saved[0]!)};
  });
  return run(states);
};

/** What the next layer reads: at each token the states of both directions, in each direction's own order. */
export const bothStates = (states: tf.Tensor4D, places: tf.Tensor1D): tf.Tensor4D => {
  const [forward, backward] = tf.unstack(states) as [tf.Tensor, tf.Tensor];
  return tf.stack([
    tf.concat([forward, turned(backward, places)], 2),
    tf.concat([turned(forward, places), backward], 2),
  ]) as tf.Tensor4D;
};
