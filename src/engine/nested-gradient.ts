import * as tf from '@tensorflow/tfjs-core';
import {EngineError} from './errors.ts';
import type {ModelContext} from './types.ts';

/** The same numbers, but a constant to every gradient: nothing is differentiated through it. Any shape, float32. */
export const stopGradient = <T extends tf.Tensor>(x: T): T =>
  // A function of nothing: the tape finds no way through it, so what `x` was made of is not even visited.
  tf.customGrad(() => ({value: tf.clone(x), gradFunc: () => []}))();

export interface LossAndGradient<T extends tf.Tensor> {
  /** May itself be part of the loss that is trained. */
  readonly loss: tf.Scalar;
  /** ∂loss/∂x, of x's shape; a constant to the gradient of the step. */
  readonly gradient: T;
}

/**
 * Inside a loss function: another loss and its gradient by `x`, a tensor that has been computed already (states, the rows
 * of an embedding table). All of it becomes part of the same compiled step. `loss` must reach its result from the argument
 * that it is given; a loss that does not depend on it has a gradient of zeros.
 */
export const gradientAt = <T extends tf.Tensor>(loss: (x: T) => tf.Scalar, x: T): LossAndGradient<T> => {
  const {value, grads} = tf.engine().gradients(() => checked(loss(x)), [x], undefined, true);
  const gradient = (grads[0] as T | undefined) ?? tf.zerosLike(x);
  return {loss: value, gradient: stopGradient(gradient)};
};

const checked = (loss: tf.Tensor): tf.Scalar => {
  if (loss.rank === 0 && loss.dtype === 'float32') return loss as tf.Scalar;
  throw new EngineError(
    `gradientAt: the loss must be a float32 scalar, found a ${loss.dtype} tensor [${loss.shape.join(', ')}].`,
  );
};

/** `ctx` whose lookups in `table` give `rows` instead, [...ids, dim], whatever the ids: to run a model on changed embeddings. */
export const withRows = (ctx: ModelContext, table: string, rows: tf.Tensor): ModelContext => ({
  ...ctx,
  lookup: (name, ids) => {
    if (name !== table) return ctx.lookup(name, ids);
    if (tf.util.arraysEqual(rows.shape.slice(0, -1), ids.shape)) return rows;
    throw new EngineError(
      `withRows: the rows given for "${table}" are [${rows.shape.join(', ')}], the model looks up ids [${ids.shape.join(', ')}].`,
    );
  },
});
