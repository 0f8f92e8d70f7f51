import * as tf from '@tensorflow/tfjs-core';

/**
 * Gradients of the TensorFlow.js kernels that models are made of. tfjs-core keeps its own in modules that Node cannot
 * import (ES modules in a CommonJS package); these are registered wherever none is yet, so with tfjs-node its own stay.
 * Formulas are the textbook's; `dy` is the gradient of the kernel's output.
 */

type Gradient = Omit<tf.GradConfig, 'kernelName'>;

const sumTo = (gradient: tf.Tensor, shape: number[]): tf.Tensor => {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, shape);
};

const first = (dy: tf.Tensor | tf.Tensor[]): tf.Tensor => (Array.isArray(dy) ? dy[0]! : dy);

/** A kernel of one input `x`; `saved` is that input, or the output where the derivative is shorter in it. */
const ofOne = (
  keep: 'input' | 'output',
  gradient: (dy: tf.Tensor, saved: tf.Tensor) => tf.Tensor,
  name = 'x',
): Gradient => ({
  ...(keep === 'input' ? {inputsToSave: [name]} : {outputsToSave: [true]}),
  gradFunc: (dy, saved) => ({[name]: () => gradient(first(dy), saved[0]!)}),
});

/** An elementwise kernel of `a` and `b`, which broadcast against each other. */
const ofTwo = (
  da: (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  db: (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): Gradient => ({
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    return {a: () => sumTo(da(first(dy), a, b), a.shape), b: () => sumTo(db(first(dy), a, b), b.shape)};
  },
});

/** Flat functions, and those of truth values and whole numbers; tfjs itself has no gradient for most of these. */
const zero = (...names: string[]): Gradient => ({
  inputsToSave: names,
  gradFunc: (_, saved) => Object.fromEntries(names.map((name, at) => [name, () => tf.zeros(saved[at]!.shape)])),
});

/** Puts back the axes that a reduction removed, as size 1. */
const keptShape = (shape: number[], axis: unknown): number[] => {
  const axes = tf.util.parseAxisParam((axis ?? shape.map((_, at) => at)) as number | number[], shape);
  return shape.map((dimension, at) => (axes.includes(at) ? 1 : dimension));
};

/** Max and Min: the gradient goes to every entry that equals the extreme. */
const extreme: Gradient = {
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, saved, attributes) => {
    const [x, y] = saved as [tf.Tensor, tf.Tensor];
    const shape = keptShape(x.shape, attributes['reductionIndices'] ?? attributes['axis']);
    const chosen = tf.cast(tf.equal(x, tf.reshape(y, shape)), 'float32');
    return {x: () => tf.mul(tf.reshape(first(dy), shape), chosen)};
  },
};

const where = (dy: tf.Tensor, condition: tf.Tensor): tf.Tensor => tf.mul(dy, tf.cast(condition, 'float32'));

const elementwise: Readonly<Record<string, Gradient>> = {
  Abs: ofOne('input', (dy, x) => tf.mul(dy, tf.sign(x))),
  Add: ofTwo(dy => dy, dy => dy), // prettier-ignore
  Sub: ofTwo(dy => dy, dy => tf.neg(dy)), // prettier-ignore
  Multiply: ofTwo(
    (dy, _, b) => tf.mul(dy, tf.cast(b, 'float32')),
    (dy, a) => tf.mul(dy, tf.cast(a, 'float32')),
  ),
  RealDiv: ofTwo(
    (dy, _, b) => tf.div(dy, tf.cast(b, 'float32')),
    (dy, a, b) => tf.neg(tf.div(tf.mul(dy, tf.cast(a, 'float32')), tf.square(tf.cast(b, 'float32')))),
  ),
  SquaredDifference: ofTwo(
    (dy, a, b) => tf.mul(dy, tf.mul(2, tf.sub(a, b))),
    (dy, a, b) => tf.mul(dy, tf.mul(2, tf.sub(b, a))),
  ),
  Maximum: ofTwo(
    (dy, a, b) => where(dy, tf.greaterEqual(a, b)),
    (dy, a, b) => where(dy, tf.less(a, b)),
  ),
  Minimum: ofTwo(
    (dy, a, b) => where(dy, tf.lessEqual(a, b)),
    (dy, a, b) => where(dy, tf.greater(a, b)),
  ),
  // d/db aᵇ = aᵇ ln a, which is taken as 0 for a ≤ 0, as TensorFlow does.
  Pow: ofTwo(
    (dy, a, b) => tf.mul(dy, tf.mul(b, tf.pow(a, tf.sub(b, 1)))),
    (dy, a, b) => {
      const positive = tf.greater(a, 0);
      const log = tf.where(positive, tf.log(tf.where(positive, a, tf.onesLike(a))), tf.zerosLike(a));
      return tf.mul(dy, tf.mul(tf.pow(a, b), log));
    },
  ),
  Cos: ofOne('input', (dy, x) => tf.neg(tf.mul(dy, tf.sin(x)))),
  Sin: ofOne('input', (dy, x) => tf.mul(dy, tf.cos(x))),
  Elu: ofOne('output', (dy, y) => tf.mul(dy, tf.where(tf.greater(y, 0), tf.onesLike(y), tf.add(y, 1)))),
  Erf: ofOne('input', (dy, x) => tf.mul(dy, tf.mul(2 / Math.sqrt(Math.PI), tf.exp(tf.neg(tf.square(x)))))),
  Exp: ofOne('output', (dy, y) => tf.mul(dy, y)),
  Log: ofOne('input', (dy, x) => tf.div(dy, x)),
  Neg: ofOne('input', dy => tf.neg(dy)),
  Reciprocal: ofOne('output', (dy, y) => tf.neg(tf.mul(dy, tf.square(y)))),
  Relu: ofOne('input', (dy, x) => tf.mul(dy, tf.step(x))),
  Relu6: ofOne('input', (dy, x) => where(dy, tf.logicalAnd(tf.greater(x, 0), tf.lessEqual(x, 6)))),
  LeakyRelu: {
    inputsToSave: ['x'],
    gradFunc: (dy, saved, {alpha}) => ({x: () => tf.mul(first(dy), tf.step(saved[0]!, alpha as number))}),
  },
  Rsqrt: ofOne('output', (dy, y) => tf.mul(dy, tf.mul(-0.5, tf.mul(y, tf.square(y))))),
  Sigmoid: ofOne('output', (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  Softplus: ofOne('input', (dy, x) => tf.mul(dy, tf.sigmoid(x))),
  Sqrt: ofOne('output', (dy, y) => tf.div(dy, tf.mul(2, y))),
  Square: ofOne('input', (dy, x) => tf.mul(dy, tf.mul(2, tf.cast(x, 'float32')))),
  Tanh: ofOne('output', (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  ClipByValue: {
    inputsToSave: ['x'],
    gradFunc: (dy, saved, {clipValueMin, clipValueMax}) => {
      const x = saved[0]!;
      const inside = tf.logicalAnd(tf.greaterEqual(x, clipValueMin as number), tf.lessEqual(x, clipValueMax as number));
      return {x: () => where(first(dy), inside)};
    },
  },
  Select: {
    inputsToSave: ['condition'],
    gradFunc: (dy, saved) => {
      const condition = saved[0]!;
      const [t, e] = [tf.cast(condition, 'float32'), tf.cast(tf.logicalNot(condition), 'float32')];
      const along = (mask: tf.Tensor): tf.Tensor =>
        tf.reshape(mask, [
          ...mask.shape,
          ...first(dy)
            .shape.slice(mask.rank)
            .map(() => 1),
        ]);
      return {condition: () => tf.zerosLike(tf.cast(condition, 'float32')), t: () => tf.mul(first(dy), along(t)), e: () => tf.mul(first(dy), along(e))}; // prettier-ignore
    },
  },
  AddN: {
    saveAllInputs: true,
    gradFunc: (dy, saved) => Object.fromEntries(saved.map((_, at) => [String(at), () => first(dy)])),
  },
  ...Object.fromEntries(
    [
      'All',
      'Any',
      'ArgMax',
      'ArgMin',
      'Ceil',
      'Floor',
      'LogicalNot',
      'OnesLike',
      'Round',
      'Sign',
      'Step',
      'ZerosLike',
    ].map(kernel => [kernel, zero('x')]),
  ),
  ...Object.fromEntries(
    ['Equal', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr', 'NotEqual'].map(kernel => [
      kernel,
      zero('a', 'b'),
    ]),
  ),
  OneHot: zero('indices'),
};

const shapes: Readonly<Record<string, Gradient>> = {
  Identity: {gradFunc: dy => ({x: () => tf.cast(first(dy), 'float32')})},
  Cast: {gradFunc: dy => ({x: () => first(dy)})},
  Reshape: ofOne('input', (dy, x) => tf.reshape(dy, x.shape)),
  ExpandDims: ofOne('input', (dy, x) => tf.reshape(dy, x.shape), 'input'),
  Transpose: {
    gradFunc: (dy, _, {perm}) => ({x: () => tf.transpose(first(dy), inverse(perm as number[]))}),
  },
  Reverse: {gradFunc: (dy, _, {dims}) => ({x: () => tf.reverse(first(dy), dims as number[])})},
  Slice: {
    inputsToSave: ['x'],
    gradFunc: (dy, saved, {begin, size}) => {
      const {shape} = saved[0]!;
      const [from, length] = tf.slice_util.parseSliceParams(saved[0]!, begin as number[], size as number[]) as [
        number[],
        number[],
      ];
      const paddings = shape.map((dimension, at): [number, number] => [from[at]!, dimension - from[at]! - length[at]!]);
      return {x: () => tf.pad(first(dy), paddings)};
    },
  },
  PadV2: {
    inputsToSave: ['x'],
    gradFunc: (dy, saved, {paddings}) => ({
      x: () => tf.slice(first(dy), (paddings as [number, number][]).map(pair => pair[0]), saved[0]!.shape), // prettier-ignore
    }),
  },
  Concat: {
    saveAllInputs: true,
    gradFunc: (dy, saved, {axis}) => {
      const at = tf.util.parseAxisParam(axis as number, saved[0]!.shape)[0]!;
      const parts = tf.split(first(dy), saved.map(x => x.shape[at]!), at); // prettier-ignore
      return Object.fromEntries(parts.map((part, index) => [String(index), () => part]));
    },
  },
  SplitV: {gradFunc: (dy, _, {axis}) => ({x: () => tf.concat(dy as tf.Tensor[], axis as number)})},
  Pack: {
    saveAllInputs: true,
    gradFunc: (dy, _, {axis}) =>
      Object.fromEntries(tf.unstack(first(dy), axis as number).map((part, at) => [String(at), () => part])),
  },
  Unpack: {gradFunc: (dy, _, {axis}) => ({value: () => tf.stack(dy as tf.Tensor[], axis as number)})},
  Tile: {
    inputsToSave: ['x'],
    gradFunc: (dy, saved, {reps}) => {
      const {shape} = saved[0]!;
      // [2·3] from 3 repeated twice is [2, 3] summed over the first axis, for each axis.
      const apart = shape.flatMap((dimension, at) => [(reps as number[])[at]!, dimension]);
      const copies = shape.map((_, at) => 2 * at);
      return {x: () => tf.sum(tf.reshape(first(dy), apart), copies)};
    },
  },
  GatherV2: {
    inputsToSave: ['x', 'indices'],
    gradFunc: (dy, saved, {axis}) => {
      const [x, indices] = saved as [tf.Tensor, tf.Tensor1D];
      const at = tf.util.parseAxisParam((axis ?? 0) as number, x.shape)[0]!;
      const rest = [...x.shape.slice(0, at), ...x.shape.slice(at + 1)];
      // The gathered axis to the front, [n, rest]; added up by id; and back.
      const front = [...indices.shape.map((_, i) => at + i), ...rest.map((_, i) => (i < at ? i : i + indices.rank))];
      const moved = at === 0 ? first(dy) : tf.transpose(first(dy), front);
      const flat = tf.cast(tf.reshape(indices, [indices.size]), 'int32');
      const sums = (): tf.Tensor =>
        tf.unsortedSegmentSum(tf.reshape(moved, [indices.size, ...rest]), flat as tf.Tensor1D, x.shape[at]!);
      const back = [...Array.from({length: at}, (_, i) => i + 1), 0, ...rest.slice(at).map((_, i) => at + 1 + i)];
      return {x: () => (at === 0 ? sums() : tf.transpose(sums(), back)), indices: () => tf.zerosLike(indices)};
    },
  },
  UnsortedSegmentSum: {
    inputsToSave: ['segmentIds'],
    gradFunc: (dy, saved) => ({
      x: () => tf.gather(first(dy), saved[0] as tf.Tensor1D),
      segmentIds: () => tf.zerosLike(saved[0]!),
    }),
  },
};

const reductions: Readonly<Record<string, Gradient>> = {
  Sum: {
    inputsToSave: ['x'],
    gradFunc: (dy, saved, {axis}) => {
      const {shape} = saved[0]!;
      return {x: () => tf.broadcastTo(tf.reshape(first(dy), keptShape(shape, axis)), shape)};
    },
  },
  Mean: {
    inputsToSave: ['x'],
    gradFunc: (dy, saved, {axis}) => {
      const {shape, size} = saved[0]!;
      const kept = keptShape(shape, axis);
      const count = size / tf.util.sizeFromShape(kept);
      return {x: () => tf.broadcastTo(tf.div(tf.reshape(first(dy), kept), count), shape)};
    },
  },
  Max: extreme,
  Min: extreme,
  Cumsum: {
    gradFunc: (dy, _, {axis, exclusive, reverse}) => ({
      x: () => tf.cumsum(first(dy), axis as number, exclusive as boolean, !reverse),
    }),
  },
  Softmax: {
    outputsToSave: [true],
    gradFunc: (dy, saved) => {
      const y = saved[0]!;
      const weighted = tf.mul(first(dy), y);
      return {logits: () => tf.sub(weighted, tf.mul(tf.sum(weighted, -1, true), y))};
    },
  },
};

/** y = op(a)·op(b): four cases, each two products without a transposition of its own. */
const matmul: Gradient = {
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved, {transposeA, transposeB}) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const d = first(dy);
    const da = (): tf.Tensor =>
      transposeA ? tf.matMul(b, d, Boolean(transposeB), true) : tf.matMul(d, b, false, !transposeB);
    const db = (): tf.Tensor =>
      transposeB ? tf.matMul(d, a, true, Boolean(transposeA)) : tf.matMul(a, d, !transposeA, false);
    return {a: () => sumTo(da(), a.shape), b: () => sumTo(db(), b.shape)};
  },
};

const inverse = (permutation: readonly number[]): number[] => {
  const back: number[] = [];
  permutation.forEach((axis, at) => (back[axis] = at));
  return back;
};

/** Gradients by kernel name; registered by `registerGradients`. */
export const gradients: Readonly<Record<string, Gradient>> = {
  ...elementwise,
  ...shapes,
  ...reductions,
  BatchMatMul: matmul,
};

export const registerGradients = (): void => {
  for (const [kernelName, gradient] of Object.entries(gradients)) {
    if (!(tf.getGradient(kernelName) as tf.GradConfig | undefined)) tf.registerGradient({kernelName, ...gradient});
  }
};
