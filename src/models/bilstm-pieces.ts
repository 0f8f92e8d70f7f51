import * as tf from '@tensorflow/tfjs-core';
import type {ModelContext, Tensors} from '../engine/types.ts';
import {bilstmOutput, bilstmStates, pooledStates} from './bilstm.ts';
import type {BilstmReading} from './bilstm.ts';
import type {SentenceAndPieces} from './student.ts';
import {mirrored, turned} from './turned-states.ts';

/**
 * Sentence vectors, and a vector of each token: both directions' states at it, through the same output layer. So what is
 * learnt of single tokens moves the sentence's vector too, which is their sum by the sentence's weights.
 */
export const bilstmPieces = (
  p: Tensors,
  batch: Tensors,
  ctx: ModelContext,
  {pooling, layers = 1}: BilstmReading,
): SentenceAndPieces => {
  const states = bilstmStates(p, batch, ctx, layers);
  const [, tokens, rows, hidden] = states.shape;
  const [forward, backward] = tf.unstack(states) as [tf.Tensor, tf.Tensor];
  // The second direction's first state is of the last token: turned, both are of the same one.
  const both = tf.concat([forward, turned(backward, mirrored(batch['mask'] as tf.Tensor2D))], 2);
  return {
    sentence: pooledStates(p, batch, states, pooling),
    pieces: bilstmOutput(p, tf.reshape(both, [tokens * rows, 2 * hidden])),
  };
};
