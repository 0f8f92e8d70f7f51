import * as tf from '@tensorflow/tfjs-core';

type Inputs = Readonly<Record<string, tf.Tensor | undefined>>;
type Replacement = (inputs: Inputs, attributes: Readonly<Record<string, unknown>>) => tf.Tensor;

/** Kernels that TensorFlow.js's WebAssembly backend lacks, or has wrong, by way of those that it has. */
const replacements: Readonly<Record<string, Replacement>> = {
  // Its own (4.22.0) gives other numbers when b is transposed and there is a bias.
  _FusedMatMul: ({a, b, bias, preluActivationWeights: alpha}, {transposeA, transposeB, activation, leakyreluAlpha}) => {
    const product = tf.matMul(a!, b!, Boolean(transposeA), Boolean(transposeB));
    const sum = bias ? tf.add(product, bias) : product;
    switch (activation) {
      case 'relu':
        return tf.relu(sum);
      case 'relu6':
        return tf.relu6(sum);
      case 'elu':
        return tf.elu(sum);
      case 'sigmoid':
        return tf.sigmoid(sum);
      case 'leakyrelu':
        return tf.leakyRelu(sum, leakyreluAlpha as number | undefined);
      case 'prelu':
        return tf.prelu(sum, alpha!);
      default:
        return sum;
    }
  },
  // x [n, ...rest] added up by number: a product with [n, numSegments], where each row has its one 1.
  UnsortedSegmentSum: ({x, segmentIds}, {numSegments}) => {
    const [n, ...rest] = x!.shape;
    const sums = tf.matMul(tf.oneHot(segmentIds!, numSegments as number), tf.reshape(x!, [n, -1]), true, false);
    return tf.reshape(sums, [numSegments as number, ...rest]);
  },
};

/** Registers them with tfjs, in place of its own. */
export const replaceWasmKernels = (): void => {
  for (const [kernelName, replacement] of Object.entries(replacements)) {
    if (tf.getKernel(kernelName, 'wasm') as tf.KernelConfig | undefined) tf.unregisterKernel(kernelName, 'wasm');
    const kernelFunc: tf.KernelFunc = ({inputs, attrs}) =>
      tf.tidy(() => replacement(inputs as unknown as Inputs, attrs ?? {}));
    tf.registerKernel({kernelName, backendName: 'wasm', kernelFunc});
  }
};
