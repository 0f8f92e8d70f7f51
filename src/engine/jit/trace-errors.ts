import {EngineError} from '../errors.ts';
import {callerLine} from './caller-line.ts';
import type {Value} from './graph.ts';

/** What can be wrong with a function while it is traced: each message names the line of the model or loss. */

export const tensorFromOutside = (): EngineError =>
  new EngineError(
    `A tensor from outside was used in a traced step${callerLine()}; pass it as a batch entry or a parameter.`,
  );

export const constantOfType = (dtype: string): EngineError =>
  new EngineError(`A traced step has no constants of type ${dtype}${callerLine()}.`);

export const bakedConstant = (shape: readonly number[]): EngineError =>
  new EngineError(
    `A tensor [${shape.join(', ')}] with values from the host was made inside a traced step${callerLine()}; the graph ` +
      'would repeat them in every step. Pass it as a batch entry or a parameter; for dropout use ctx.dropout ' +
      '(tf.dropout and tf.random* draw on the host); for counting use tf.range.',
  );

export const readWhileTraced = (value: Value): EngineError => {
  const source = value.node ? `the result of ${value.node.op}` : `the input "${value.input ?? 'constant'}"`;
  return new EngineError(
    `The value of ${source} [${value.shape.join(', ')}] was read on the host${callerLine()} (dataSync, arraySync, print, or ` +
      'an operation that looks at values, as tf.booleanMaskAsync does) while the step is traced; there is no value yet. ' +
      'Keep to tensor operations (tf.where instead of if), or return the tensor and read it after the step.',
  );
};

/** tfjs's own words for a missing kernel or gradient, in ours; any other error as it is. */
export const explained = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const ungraded = /gradient function not found for (\w+)/.exec(error.message)?.[1];
  if (ungraded) {
    return new EngineError(
      `There is no gradient for the TensorFlow.js kernel "${ungraded}". Write the loss with other operations, give the ` +
        'function a tf.customGrad, or add the kernel to src/engine/gradients.',
    );
  }
  const kernel = /(?:registered kernel|Kernel) '([^']+)'/.exec(error.message)?.[1];
  if (!kernel) return error;
  return new EngineError(
    `The jit has no lowering for the TensorFlow.js kernel "${kernel}". Write the function with other operations, or add the ` +
      'kernel to src/engine/jit/lowerings.',
  );
};
