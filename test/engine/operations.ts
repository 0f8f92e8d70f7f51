import * as tf from '@tensorflow/tfjs-core';

export interface Case {
  readonly shapes: readonly (readonly number[])[];
  /** Values are |x| + .5 instead of x: for logarithms, roots and powers. */
  readonly positive?: boolean;
  /** tfjs's own gradient does not broadcast: finite differences are the only oracle. */
  readonly beyondTfjs?: boolean;
  readonly f: (...xs: tf.Tensor[]) => tf.Tensor;
}

const unary = (f: (x: tf.Tensor) => tf.Tensor, positive = false): Case => ({shapes: [[3, 4]], f: x => f(x), positive});
const binary = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, positive = false): Case => ({
  shapes: [[2, 3, 4], [3, 1]], // prettier-ignore
  f: (a, b) => f(a, b),
  positive,
});
const of = (
  shapes: readonly (readonly number[])[],
  f: (...xs: [tf.Tensor, tf.Tensor, tf.Tensor]) => tf.Tensor,
): Case => ({
  shapes,
  f: (...xs) => f(...(xs as [tf.Tensor, tf.Tensor, tf.Tensor])),
});

/** Functions that between them use every kernel that the jit lowers and every gradient that we register. */
export const operations: Readonly<Record<string, Case>> = {
  add: binary(tf.add),
  addBroadcastsBoth: of([[2, 1, 4], [3, 1]], (a, b) => tf.add(a, b)), // prettier-ignore
  sub: binary(tf.sub),
  mul: binary(tf.mul),
  div: binary(tf.div, true),
  divNoNan: binary(tf.divNoNan, true),
  maximum: of([[3, 4], [3, 4]], (a, b) => tf.maximum(a, b)), // prettier-ignore
  maximumBroadcast: {...binary(tf.maximum), beyondTfjs: true},
  minimum: of([[3, 4], [3, 4]], (a, b) => tf.minimum(a, b)), // prettier-ignore
  minimumBroadcast: {...binary(tf.minimum), beyondTfjs: true},
  pow: binary(tf.pow, true),
  squaredDifference: of([[3, 4], [3, 4]], (a, b) => tf.squaredDifference(a, b)), // prettier-ignore
  squaredDifferenceBroadcast: {...binary(tf.squaredDifference), beyondTfjs: true},
  addN: of([[3, 4], [3, 4], [3, 4]], (a, b, c) => tf.addN([a, b, c])), // prettier-ignore
  abs: unary(tf.abs),
  cos: unary(tf.cos),
  sin: unary(tf.sin),
  elu: unary(tf.elu),
  erf: unary(tf.erf),
  exp: unary(tf.exp),
  log: unary(tf.log, true),
  neg: unary(tf.neg),
  reciprocal: unary(tf.reciprocal, true),
  relu: unary(tf.relu),
  relu6: unary(x => tf.relu6(tf.mul(x, 5))),
  leakyRelu: unary(x => tf.leakyRelu(x, 0.3)),
  rsqrt: unary(tf.rsqrt, true),
  sigmoid: unary(tf.sigmoid),
  softplus: unary(tf.softplus),
  sqrt: unary(tf.sqrt, true),
  square: unary(tf.square),
  tanh: unary(tf.tanh),
  clip: unary(x => tf.clipByValue(x, -0.7, 0.4)),
  steps: unary(x => tf.mul(x, tf.add(tf.add(tf.floor(x), tf.ceil(x)), tf.add(tf.sign(x), tf.step(x, 0.2))))),
  round: unary(x => tf.mul(x, tf.round(x))),
  where: binary((a, b) => tf.where(tf.greater(a, b), tf.square(a), tf.mul(b, 3))),
  comparisons: binary((a, b) => {
    const either = tf.logicalOr(tf.less(a, b), tf.logicalAnd(tf.lessEqual(a, b), tf.greaterEqual(b, 0)));
    return tf.mul(a, tf.add(tf.cast(tf.logicalNot(either), 'float32'), tf.cast(tf.notEqual(a, 0), 'float32')));
  }),
  likes: unary(x => tf.add(tf.mul(x, tf.onesLike(x)), tf.zerosLike(x))),
  fill: unary(x => tf.mul(x, tf.fill([3, 4], 2.5))),
  range: unary(x => tf.mul(x, tf.range(0, 4))),
  reshape: unary(x => tf.square(tf.reshape(x, [2, -1]))),
  expandDims: unary(x => tf.expandDims(tf.square(x), -2)),
  transpose: of([[2, 3, 4]], x => tf.mul(tf.transpose(x, [2, 0, 1]), tf.reshape(tf.range(0, 24), [4, 2, 3]))),
  reverse: unary(x => tf.mul(tf.reverse(x, 1), x)),
  slice: of([[3, 4, 2]], x => tf.square(tf.slice(x, [1, 0, 1], [2, -1, 1]))),
  sliceRank: of([[3, 4]], x => tf.square(tf.slice(x, 1, 2))),
  split: of([[3, 5]], x => {
    const [a, b] = tf.split(x, [2, 3], 1) as [tf.Tensor, tf.Tensor];
    return tf.concat([tf.square(b), tf.mul(a, 3)], 1);
  }),
  splitEven: of([[4, 2]], x => tf.mul(...(tf.split(x, 2, 0) as [tf.Tensor, tf.Tensor]))),
  concat: of([[3, 2], [3, 4]], (a, b) => tf.square(tf.concat([a, b], -1))), // prettier-ignore
  stack: of([[3, 2], [3, 2]], (a, b) => tf.square(tf.stack([a, b], 1))), // prettier-ignore
  unstack: of([[3, 2]], x => {
    const [a, b] = tf.unstack(x, 1) as [tf.Tensor, tf.Tensor];
    return tf.mul(a, tf.square(b));
  }),
  pad: of([[2, 3]], x => tf.square(tf.pad(x, [[1, 0], [2, 1]], 0.5))), // prettier-ignore
  tile: of([[2, 3]], x => tf.mul(tf.tile(x, [2, 3]), tf.reshape(tf.range(0, 36), [4, 9]))),
  tileOnes: of([[2, 1]], x => tf.square(tf.tile(x, [1, 3]))),
  broadcastTo: of([[3, 1]], x => tf.mul(tf.broadcastTo(x, [2, 3, 4]), tf.range(0, 4))),
  gather: of([[5, 3]], x => tf.square(tf.gather(x, tf.cast(tf.range(1, 4), 'int32')))),
  gatherRepeats: of([[5, 3]], x => tf.square(tf.gather(x, tf.cast(tf.zeros([2, 2]), 'int32')))),
  gatherAxis: of([[2, 5, 3]], x => tf.square(tf.gather(x, tf.cast(tf.range(1, 3), 'int32'), 1))),
  segments: of([[4, 3]], x => tf.square(tf.unsortedSegmentSum(x, tf.cast<tf.Tensor1D>(tf.fill([4], 1), 'int32'), 3))),
  oneHot: of([[3, 4]], x => tf.mul(x, tf.oneHot(tf.cast(tf.range(0, 3), 'int32'), 4))),
  sum: of([[2, 3, 4]], x => tf.square(tf.sum(x, [0, 2]))),
  sumKept: of([[2, 3]], x => tf.mul(x, tf.sum(x, 1, true))),
  mean: of([[2, 3, 4]], x => tf.square(tf.mean(x, 1))),
  meanAll: unary(x => tf.square(tf.mean(x))),
  max: of([[2, 3, 4]], x => tf.square(tf.max(x, 1))),
  min: of([[2, 3, 4]], x => tf.square(tf.min(x, [0, 2], true))),
  argMax: unary(x => tf.mul(x, tf.expandDims(tf.cast(tf.add(tf.argMax(x, 1), tf.argMin(x, 1)), 'float32'), 1))),
  anyAll: unary(x => {
    const positive = tf.greater(x, 0);
    const both = tf.add(tf.cast(tf.any(positive, 1, true), 'float32'), tf.cast(tf.all(positive, 1, true), 'float32'));
    return tf.mul(x, both);
  }),
  cumsum: unary(x => tf.square(tf.cumsum(x, 1, true, true))),
  softmax: unary(x => tf.square(tf.softmax(x))),
  logSoftmax: unary(x => tf.mul(tf.logSoftmax(x), x)),
  matMul: of([[3, 4], [4, 2]], (a, b) => tf.matMul(a, b)), // prettier-ignore
  matMulA: of([[4, 3], [4, 2]], (a, b) => tf.matMul(a, b, true, false)), // prettier-ignore
  matMulB: of([[3, 4], [2, 4]], (a, b) => tf.matMul(a, b, false, true)), // prettier-ignore
  matMulBoth: of([[4, 3], [2, 4]], (a, b) => tf.matMul(a, b, true, true)), // prettier-ignore
  matMulStack: of([[2, 3, 4], [2, 4, 2]], (a, b) => tf.matMul(a, b)), // prettier-ignore
  matMulStackA: of([[2, 4, 3], [2, 4, 2]], (a, b) => tf.matMul(a, b, true, false)), // prettier-ignore
  matMulStackB: of([[2, 3, 4], [2, 2, 4]], (a, b) => tf.matMul(a, b, false, true)), // prettier-ignore
  matMulBroadcast: {...of([[2, 3, 4], [1, 4, 2]], (a, b) => tf.matMul(a, b)), beyondTfjs: true}, // prettier-ignore
  fusedMatMul: of([[3, 4], [4, 2], [2]], (a, b, bias) => tf.fused.matMul({a, b, bias, activation: 'relu'})), // prettier-ignore
};
