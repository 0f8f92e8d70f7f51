import * as tf from '@tensorflow/tfjs-core';
import type {Gradient} from './gradients/define.ts';
import {flat} from './gradients/flat.ts';
import {gathers} from './gradients/gathers.ts';
import {ofOneTensor} from './gradients/of-one.ts';
import {ofTwoTensors} from './gradients/of-two.ts';
import {products} from './gradients/products.ts';
import {reductions} from './gradients/reductions.ts';
import {shapes} from './gradients/shapes.ts';

/**
 * Gradients of the TensorFlow.js kernels that models are made of, by kernel name. tfjs-core keeps its own in modules that
 * Node cannot import (ES modules in a CommonJS package); tfjs-node brings them along. Formulas are the textbook's; `dy` is
 * the gradient of the kernel's output.
 */
export const gradients: Readonly<Record<string, Gradient>> = {
  ...ofOneTensor,
  ...ofTwoTensors,
  ...flat,
  ...shapes,
  ...gathers,
  ...reductions,
  ...products,
};

/** TensorFlow.js's own gradients of these fail where one operand was broadcast. */
const withoutBroadcast: ReadonlySet<string> = new Set(['BatchMatMul', 'Maximum', 'Minimum', 'SquaredDifference']);

/**
 * Registers ours with tfjs wherever there is none yet. On TensorFlow's backends (`native`), which register their own, those
 * that cannot broadcast are replaced too, so that a loss that works on the jit works there.
 */
export const registerGradients = (native = false): void => {
  for (const [kernelName, gradient] of Object.entries(gradients)) {
    const known = tf.getGradient(kernelName) as tf.GradConfig | undefined;
    if (known && !(native && withoutBroadcast.has(kernelName))) continue;
    if (known) tf.unregisterGradient(kernelName);
    tf.registerGradient({kernelName, ...gradient});
  }
};
