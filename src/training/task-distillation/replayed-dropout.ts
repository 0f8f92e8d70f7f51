import * as tf from '@tensorflow/tfjs-core';
import type {ModelContext} from '../../engine/types.ts';

export interface ReplayedDropout {
  /** The context of the first pass, whose masks are kept. */
  readonly first: ModelContext;
  /** The context of a pass that has the first one's masks, call by call. */
  again(): ModelContext;
  /** To be called when nothing asks for the masks any more. */
  release(): void;
}

/** Two passes of a model in one step with the same dropout. Masks are numbered as if there were one pass. */
export const replayedDropout = (ctx: ModelContext): ReplayedDropout => {
  const masks: tf.Tensor[] = [];
  return {
    first: {
      ...ctx,
      dropout: (x, rate) => {
        if (!ctx.training || rate === 0) return x;
        const mask = ctx.dropout(tf.ones(x.shape), rate);
        // Kept: the scope of a gradient inside the loss ends before the second pass.
        masks.push(tf.keep(mask));
        return tf.mul<typeof x>(x, mask);
      },
    },
    again: () => {
      let call = 0;
      return {
        ...ctx,
        dropout: (x, rate) => (!ctx.training || rate === 0 ? x : tf.mul<typeof x>(x, masks[call++]!)),
      };
    },
    release: () => masks.forEach(mask => mask.dispose()),
  };
};
