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
 * Node cannot import (ES modules in a CommonJS package); these are registered wherever none is yet, so with tfjs-node its
 * own stay. Formulas are the textbook's; `dy` is the gradient of the kernel's output.
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

export const registerGradients = (): void => {
  for (const [kernelName, gradient] of Object.entries(gradients)) {
    if (!(tf.getGradient(kernelName) as tf.GradConfig | undefined)) tf.registerGradient({kernelName, ...gradient});
  }
};
