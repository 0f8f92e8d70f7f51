import * as tf from '@tensorflow/tfjs-core';

/** One use of an operation: shapes of its inputs, what it is given, and how its inputs are made. */
export interface Use {
  readonly shapes: readonly (readonly number[])[];
  readonly f: (...xs: never[]) => tf.Tensor | tf.Tensor[];
  /** `float32` where not said. Whole numbers lie in −5…5, positive ones in 1…5. */
  readonly dtypes?: readonly ('float32' | 'int32' | 'bool')[];
  /** `unit`: in (−1, 1); `positive`: above ½; `above`: above 1. */
  readonly range?: 'unit' | 'positive' | 'above';
  /** Whether tfjs's gradient is compared as well. */
  readonly gradient?: boolean;
}

type Uses = Record<string, Use>;

const one = (f: (x: tf.Tensor) => tf.Tensor, rest: Partial<Use> = {}): Use => ({shapes: [[3, 4]], f, ...rest});
const two = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, rest: Partial<Use> = {}): Use => ({shapes: [[2, 3, 4], [3, 1]], f, ...rest}); // prettier-ignore

/** `name {key: value}` for each combination of the attributes' values. */
const each = <A extends Record<string, readonly unknown[]>>(
  name: string,
  attributes: A,
  use: (chosen: {[K in keyof A]: A[K][number]}) => Use | null,
): Uses => {
  const combinations = Object.entries(attributes).reduce<Record<string, unknown>[]>(
    (all, [key, values]) => all.flatMap(chosen => values.map(value => ({...chosen, [key]: value}))),
    [{}],
  );
  const uses: Uses = {};
  for (const chosen of combinations) {
    const made = use(chosen as never);
    if (made) uses[`${name} ${JSON.stringify(chosen)}`] = made;
  }
  return uses;
};

const pads = ['same', 'valid', 1] as const;
const anyNumber = ['float32', 'int32'] as const;

const functions: Uses = {
  acos: one(tf.acos, {range: 'unit', gradient: true}),
  acosh: one(tf.acosh, {range: 'above', gradient: true}),
  asin: one(tf.asin, {range: 'unit', gradient: true}),
  asinh: one(tf.asinh, {gradient: true}),
  atan: one(tf.atan, {gradient: true}),
  atanh: one(tf.atanh, {range: 'unit', gradient: true}),
  cosh: one(tf.cosh, {gradient: true}),
  sinh: one(tf.sinh, {gradient: true}),
  tan: one(tf.tan, {range: 'unit', gradient: true}),
  expm1: one(tf.expm1, {gradient: true}),
  'expm1 near zero': one(x => tf.expm1(tf.mul(x, 1e-4))),
  log1p: one(tf.log1p, {range: 'positive', gradient: true}),
  'log1p near zero': one(x => tf.log1p(tf.mul(x, 1e-4))),
  isNaN: one(x => tf.isNaN(tf.sqrt(x))),
  isInf: one(x => tf.isInf(tf.div(1, tf.relu(x)))),
  isFinite: one(x => tf.isFinite(tf.log(tf.relu(x)))),
  selu: one(tf.selu, {gradient: true}),
  elu: one(tf.elu, {gradient: true}),
  linspace: one(x => tf.mul(x, tf.linspace(-1, 3, 4))),
  mod: two((a, b) => tf.mod(a, b), {dtypes: anyNumber}),
  floorDiv: two((a, b) => tf.floorDiv(a, b), {dtypes: ['int32']}),
  atan2: two((a, b) => tf.atan2(a, b), {gradient: true}),
  bitwiseAnd: {shapes: [[3, 4], [3, 4]], dtypes: ['int32'], f: (a: tf.Tensor, b: tf.Tensor) => tf.bitwiseAnd(a, b)}, // prettier-ignore
  prelu: {shapes: [[2, 3, 4], [4]], f: (x: tf.Tensor, alpha: tf.Tensor) => tf.prelu(x, alpha), gradient: true}, // prettier-ignore
};

const convolutions: Uses = {
  ...each('conv2d', {stride: [1, 2], pad: pads, dilation: [1, 2], format: ['NHWC', 'NCHW'] as const}, ({stride, pad, dilation, format}) =>
    stride > 1 && dilation > 1 ? null : {
      shapes: [format === 'NHWC' ? [2, 6, 7, 3] : [2, 3, 6, 7], [3, 2, 3, 4]],
      f: (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.conv2d(x, filter, stride, pad, format, dilation, pad === 1 ? 'floor' : undefined),
      gradient: dilation === 1,
    }), // prettier-ignore
  ...each('depthwise', {stride: [1, 2], pad: pads, dilation: [1, 2]}, ({stride, pad, dilation}) =>
    stride > 1 && dilation > 1 ? null : {
      shapes: [[2, 6, 7, 3], [3, 2, 3, 2]],
      f: (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.depthwiseConv2d(x, filter, stride, pad, 'NHWC', dilation, pad === 1 ? 'floor' : undefined),
      gradient: dilation === 1,
    }), // prettier-ignore
  ...each('conv3d', {stride: [1, 2], pad: ['same', 'valid'] as const}, ({stride, pad}) => ({
    shapes: [[2, 4, 5, 4, 2], [2, 3, 2, 2, 3]],
    f: (x: tf.Tensor5D, filter: tf.Tensor5D) => tf.conv3d(x, filter, stride, pad),
    gradient: true,
  })), // prettier-ignore
  ...each('fused conv2d', {activation: ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const}, ({activation}) => ({
    shapes: [[2, 4, 4, 3], [2, 2, 3, 4], [4]],
    f: (x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D) => tf.fused.conv2d({x, filter, strides: 1, pad: 'same', bias, activation, leakyreluAlpha: 0.3}),
  })), // prettier-ignore
  'fused conv2d prelu': {
    shapes: [[2, 4, 4, 3], [2, 2, 3, 4], [4], [4]],
    f: (x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor, slope: tf.Tensor) => tf.fused.conv2d({x, filter, strides: 1, pad: 'valid', bias, activation: 'prelu', preluActivationWeights: slope}),
  }, // prettier-ignore
  'fused depthwise': {
    shapes: [[2, 4, 4, 3], [2, 2, 3, 2], [6]],
    f: (x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor) => tf.fused.depthwiseConv2d({x, filter, strides: 1, pad: 'same', bias, activation: 'relu'}),
  }, // prettier-ignore
  ...each('fused matMul', {activation: ['relu6', 'leakyrelu', 'sigmoid', 'elu'] as const, b: [false, true]}, ({activation, b: transposeB}) => ({
    shapes: [[3, 4], transposeB ? [2, 4] : [4, 2], [2]],
    f: (a: tf.Tensor2D, b: tf.Tensor2D, bias: tf.Tensor) => tf.fused.matMul({a, b, transposeB, bias, activation, leakyreluAlpha: 0.3}),
  })), // prettier-ignore
  ...each('matMul of whole numbers', {a: [false, true], b: [false, true]}, ({a: transposeA, b: transposeB}) => ({
    shapes: [transposeA ? [4, 3] : [3, 4], transposeB ? [2, 4] : [4, 2]],
    dtypes: ['int32'],
    f: (a: tf.Tensor2D, b: tf.Tensor2D) => tf.matMul(a, b, transposeA, transposeB),
  })), // prettier-ignore
};

const pooling: Uses = {
  ...each('pool', {kind: ['max', 'avg'] as const, stride: [1, 2], pad: pads}, ({kind, stride, pad}) => ({
    shapes: [[2, 6, 7, 3]],
    f: (x: tf.Tensor4D) => (kind === 'max' ? tf.maxPool : tf.avgPool)(x, [3, 2], stride, pad, pad === 1 ? 'floor' : undefined),
    gradient: true,
  })), // prettier-ignore
  ...each('pool3d', {kind: ['max', 'avg'] as const, stride: [1, 2], pad: ['same', 'valid'] as const}, ({kind, stride, pad}) => ({
    shapes: [[2, 4, 5, 4, 2]],
    // As high as wide: the gradient of tfjs's cpu backend takes one for the other.
    f: (x: tf.Tensor5D) => (kind === 'max' ? tf.maxPool3d : tf.avgPool3d)(x, [3, 2, 2], stride, pad),
    gradient: true,
  })), // prettier-ignore
  ...each('maxPoolWithArgmax', {pad: ['same', 'valid'] as const, batch: [false, true]}, ({pad, batch}) => ({
    shapes: [[2, 4, 5, 3]],
    f: (x: tf.Tensor4D) => Object.values(tf.maxPoolWithArgmax(x, 2, 2, pad, batch)),
  })), // prettier-ignore
};

const blocks: Uses = {
  ...each('stridedSlice', {beginMask: [0, 1], endMask: [0, 2]}, ({beginMask, endMask}) => ({
    shapes: [[4, 5, 3]],
    dtypes: ['float32', 'int32', 'bool'],
    f: (x: tf.Tensor) => tf.stridedSlice(x, [1, 0, 2], [3, 4, 0], [1, 2, -1], beginMask, endMask),
  })), // prettier-ignore
  // With other strides tfjs's cpu backend loses the axes that these masks take away or bring.
  ...each('stridedSlice', {shrinkAxisMask: [0, 1], newAxisMask: [0, 2]}, ({shrinkAxisMask, newAxisMask}) => ({
    shapes: [[4, 5, 3]],
    dtypes: ['float32', 'int32', 'bool'],
    f: (x: tf.Tensor) => tf.stridedSlice(x, [1, 0, 1], [3, 4, 2], [1, 1, 1], 0, 0, 0, newAxisMask, shrinkAxisMask),
  })), // prettier-ignore
  'stridedSlice with ellipsis': {shapes: [[4, 5, 3]], f: (x: tf.Tensor) => tf.stridedSlice(x, [1, 0], [3, 2], [1, 1], 0, 0, 1)}, // prettier-ignore
  ...each('mirrorPad', {mode: ['reflect', 'symmetric'] as const}, ({mode}) => ({shapes: [[3, 4]], dtypes: anyNumber, f: (x: tf.Tensor) => tf.mirrorPad(x, [[2, 1], [0, 3]], mode)})), // prettier-ignore
  spaceToBatchND: {shapes: [[2, 4, 5, 3]], gradient: true, f: (x: tf.Tensor) => tf.spaceToBatchND(x, [2, 3], [[1, 1], [0, 1]])}, // prettier-ignore
  batchToSpaceND: {shapes: [[8, 2, 3, 2]], gradient: true, f: (x: tf.Tensor) => tf.batchToSpaceND(x, [2, 2], [[1, 0], [0, 2]])}, // prettier-ignore
  depthToSpace: {shapes: [[2, 2, 3, 8]], f: (x: tf.Tensor4D) => tf.depthToSpace(x, 2)}, // prettier-ignore
  flipLeftRight: {shapes: [[2, 3, 4, 2]], f: (x: tf.Tensor4D) => tf.image.flipLeftRight(x)},
  diag: {shapes: [[2, 3]], dtypes: anyNumber, f: (x: tf.Tensor) => tf.diag(x)},
  ...each('resize', {kind: ['bilinear', 'nearest'] as const, size: [[3, 8], [9, 2], [3, 3], [9, 9]] as [number, number][], align: [false, true], half: [false, true]}, ({kind, size, align, half}) =>
    align && half ? null : {
      // Squares where gradients are compared: those of tfjs's cpu backend take the height for the width.
      shapes: [[2, 5, half ? 4 : 5, 3]],
      f: (x: tf.Tensor4D) => (kind === 'bilinear' ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor)(x, size, align, half),
      // Nearest: compared in another way, see further-lowerings.test.ts.
      gradient: kind === 'bilinear' && !half && size[0] === size[1],
    }), // prettier-ignore
};

const places = (...numbers: number[]): tf.Tensor1D => tf.tensor1d(numbers, 'int32');

const others: Uses = {
  scatterND: {shapes: [[3, 4]], dtypes: anyNumber, f: (x: tf.Tensor) => tf.scatterND(tf.tensor2d([[4], [1], [4]], [3, 1], 'int32'), x, [6, 4])}, // prettier-ignore
  tensorScatterUpdate: {shapes: [[6, 4], [2, 4]], dtypes: anyNumber, f: (x: tf.Tensor, updates: tf.Tensor) => tf.tensorScatterUpdate(x, tf.tensor2d([[4], [1]], [2, 1], 'int32'), updates)}, // prettier-ignore
  sparseToDense: {shapes: [[3], []], dtypes: anyNumber, f: (values: tf.Tensor1D, rest: tf.Scalar) => tf.sparseToDense(tf.tensor2d([[0, 1], [1, 1], [2, 3]], [3, 2], 'int32'), values, [3, 4], rest)}, // prettier-ignore
  ...each('topk', {k: [1, 3]}, ({k}) => ({shapes: [[3, 5]], dtypes: anyNumber, f: (x: tf.Tensor) => Object.values(tf.topk(x, k))})), // prettier-ignore
  bincount: {shapes: [[5]], f: (weights: tf.Tensor1D) => tf.bincount(places(3, 0, 3, 7, 1), weights, 5)},
  ...each('denseBincount', {binary: [false, true]}, ({binary}) => ({shapes: [[2, 3]], f: (weights: tf.Tensor2D) => tf.denseBincount(tf.tensor2d([[3, 0, 3], [1, 9, 1]], [2, 3], 'int32'), weights, 5, binary)})), // prettier-ignore
  ...each('searchSorted', {side: ['left', 'right'] as const}, ({side}) => ({shapes: [[2, 5]], dtypes: anyNumber, f: (x: tf.Tensor) => tf.searchSorted(tf.reverse(tf.topk(x, 5).values, 1), tf.slice(x, [0, 1], [2, 2]), side)})), // prettier-ignore
  broadcastArgs: {shapes: [[2]], f: () => tf.broadcastArgs(places(3, 1), places(2, 1, 4))},
  ...each('batchNorm', {offset: [false, true], scale: [false, true]}, ({offset, scale}) => ({shapes: [[2, 3, 3, 4], [4], [4], [4]], range: 'positive', gradient: offset && scale, f: (x: tf.Tensor4D, mean: tf.Tensor1D, a: tf.Tensor1D, b: tf.Tensor1D) => tf.batchNorm(x, mean, tf.square(mean), offset ? a : undefined, scale ? b : undefined, 0.01)})), // prettier-ignore
  localResponseNormalization: {shapes: [[2, 3, 3, 5]], gradient: true, f: (x: tf.Tensor4D) => tf.localResponseNormalization(x, 1, 1.5, 0.7, 0.6)}, // prettier-ignore
  ...each('einsum', {formula: ['ij,jk->ik', 'ij,kj->ki', 'ij,ij->']}, ({formula}) => ({shapes: [[2, 3], formula === 'ij,jk->ik' ? [3, 4] : [formula === 'ij,ij->' ? 2 : 4, 3]], f: (a: tf.Tensor, b: tf.Tensor) => tf.einsum(formula, a, b)})), // prettier-ignore
  ...each('cumprod', {axis: [0, 1], exclusive: [false, true], reverse: [false, true]}, ({axis, exclusive, reverse}) => ({shapes: [[5, 3]], dtypes: anyNumber, f: (x: tf.Tensor) => tf.cumprod(x, axis, exclusive, reverse)})), // prettier-ignore
  ...each('gather in batch', {axis: [1, 2], batchDims: [1, -1]}, ({axis, batchDims}) => ({shapes: [[2, 4, 4, 3]], dtypes: anyNumber, f: (x: tf.Tensor) => tf.gather(x, tf.tensor2d([[3, 0], [1, 1]], [2, 2], 'int32'), axis, batchDims)})), // prettier-ignore
  ...each('cropAndResize', {method: ['bilinear', 'nearest'] as const, size: [[1, 1], [3, 4]] as [number, number][]}, ({method, size}) => ({
    shapes: [[2, 5, 4, 3]],
    f: (x: tf.Tensor4D) => tf.image.cropAndResize(x, tf.tensor2d([[0.1, 0.2, 0.8, 0.9], [0, 0, 1.3, 1], [0.9, 0, 0.1, 0.5]]), places(1, 0, 1), size, method, 7),
  })), // prettier-ignore
  ...each('rotateWithOffset', {radians: [0.5, -2], fill: [7, [1, 2, 3]] as (number | [number, number, number])[], center: [0.5, [0.2, 0.9]] as (number | [number, number])[]}, ({radians, fill, center}) => ({
    shapes: [[2, 5, 4, 3]],
    f: (x: tf.Tensor4D) => tf.image.rotateWithOffset(x, radians, fill, center),
  })), // prettier-ignore
  'rotateWithOffset with an opaque channel': {shapes: [[1, 4, 4, 4]], f: (x: tf.Tensor4D) => tf.image.rotateWithOffset(x, 1, [1, 2, 3])}, // prettier-ignore
  // One image: of several, tfjs's cpu backend computes the first alone.
  ...each('transform', {method: ['nearest', 'bilinear'] as const, mode: ['constant', 'reflect', 'wrap', 'nearest'] as const, size: [undefined, [3, 9]] as ([number, number] | undefined)[]}, ({method, mode, size}) => ({
    shapes: [[1, 5, 4, 2]],
    f: (x: tf.Tensor4D) => tf.image.transform(x, tf.tensor2d([[1.3, -0.4, -2.15, 0.35, 1.2, 1.1, 0.01, -0.02]]), method, mode, 7, size),
  })), // prettier-ignore
  ...each('transform far away', {mode: ['reflect', 'wrap'] as const}, ({mode}) => ({
    shapes: [[1, 5, 4, 2]],
    f: (x: tf.Tensor4D) => tf.image.transform(x, tf.tensor2d([[9.3, -7.4, -12.15, 8.35, -7.2, 6.1, 0, 0]]), 'bilinear', mode, 7, [8, 8]),
  })), // prettier-ignore
  'transform to infinity': {shapes: [[1, 4, 4, 1]], f: (x: tf.Tensor4D) => tf.image.transform(x, tf.tensor2d([[1, 0, 0, 0, 1, 0, -0.5, 0]]), 'nearest', 'nearest', 7)}, // prettier-ignore
  ...each('dilation2d', {stride: [1, 2], pad: ['same', 'valid'] as const, rate: [1, 2]}, ({stride, pad, rate}) => ({
    shapes: [[2, 6, 7, 3], [3, 2, 3]],
    f: (x: tf.Tensor4D, filter: tf.Tensor3D) => tf.dilation2d(x, filter, stride, pad, rate),
    gradient: true,
  })), // prettier-ignore
  'oneHot with ids out of range': {shapes: [[2]], f: () => tf.oneHot(places(-1, 2, 5, 0), 4, 3, -2)},
  argMax: one(x => tf.argMax(tf.sqrt(x), 1), {range: 'positive'}),
};

const complex = (re: tf.Tensor, im: tf.Tensor): tf.Tensor => tf.complex(re, im);
const parts = (z: tf.Tensor): tf.Tensor[] => [tf.real(z), tf.imag(z)];
const complexNumbers: Uses = {
  product: {shapes: [[2, 3], [2, 3]], f: (a: tf.Tensor, b: tf.Tensor) => parts(tf.mul(complex(a, b), complex(b, a)))}, // prettier-ignore
  modulus: {shapes: [[2, 3], [2, 3]], f: (a: tf.Tensor, b: tf.Tensor) => tf.abs(complex(a, b))}, // prettier-ignore
  moved: {shapes: [[2, 3], [2, 3]], f: (a: tf.Tensor, b: tf.Tensor) => parts(tf.transpose(tf.concat([complex(a, b), tf.onesLike(complex(b, a))])))}, // prettier-ignore
  ...each('fft', {inverse: [false, true]}, ({inverse}) => ({shapes: [[2, 6], [2, 6]], f: (a: tf.Tensor, b: tf.Tensor) => parts((inverse ? tf.ifft : tf.fft)(complex(a, b)))})), // prettier-ignore
};

/** Operations beyond those of `operations.ts`, with each attribute that changes what is computed. */
export const furtherOperations: Readonly<Record<string, Use>> = {
  ...functions,
  ...convolutions,
  ...pooling,
  ...blocks,
  ...others,
  ...complexNumbers,
};
