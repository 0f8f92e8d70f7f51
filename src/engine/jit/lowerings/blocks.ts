import * as tf from '@tensorflow/tfjs-core';
import {EngineError} from '../../errors.ts';
import {type GraphBuilder, type Value} from '../graph.ts';
import {type Lowerings, required} from '../lowering.ts';
import {pad, slice} from './pieces.ts';

/** Strided slices, mirrored padding, and moves between space, batch and depth: shapes that attributes decide. */
export const blocks: Lowerings = {
  StridedSlice: (g, inputs, attributes) => {
    const x = required(inputs, 'x');
    const {begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask} = attributes as unknown as tf.StridedSliceAttrs; // prettier-ignore
    const info = tf.slice_util.sliceInfo([...x.shape], begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask); // prettier-ignore
    if (info.isIdentity) return g.reshape(x, info.finalShape);
    const size = tf.slice_util.computeOutShape(info.begin, info.end, info.strides);
    if (size.includes(0)) return g.fill(info.finalShape, 0, x.dtype);
    // "Down to before the first" has no number of its own: ONNX counts −1 from the end.
    const ends = info.begin.map((from, axis) => {
      const past = from + size[axis]! * info.strides[axis]!;
      return past < 0 ? -(2 ** 31) : past;
    });
    const axes = size.map((_, axis) => axis);
    const operands = [x, g.ints(info.begin), g.ints(ends), g.ints(axes), g.ints(info.strides)];
    return g.reshape(g.node('Slice', operands, [size, x.dtype]), info.finalShape);
  },
  MirrorPad: (g, inputs, {paddings, mode}) => {
    const x = required(inputs, 'x');
    return pad(g, x, paddings as [number, number][], mode as string);
  },
  SpaceToBatchND: (g, inputs, {blockShape, paddings}) => {
    const x = required(inputs, 'x');
    const block = blockShape as number[];
    const widths: [number, number][] = [[0, 0], ...(paddings as [number, number][])];
    while (widths.length < x.shape.length) widths.push([0, 0]);
    const padded = pad(g, x, widths, 'constant');
    const {getReshaped, getPermuted, getReshapedPermuted} = tf.backend_util;
    const size = block.reduce((product, length) => product * length, 1);
    const apart = g.reshape(padded, getReshaped([...padded.shape], block, size, false));
    const moved = g.transpose(apart, getPermuted(apart.shape.length, block.length, false));
    return g.reshape(moved, getReshapedPermuted([...padded.shape], block, size, false));
  },
  BatchToSpaceND: (g, inputs, {blockShape, crops}) => {
    const x = required(inputs, 'x');
    const block = blockShape as number[];
    const {getReshaped, getPermuted, getReshapedPermuted, getSliceBeginCoords, getSliceSize} = tf.backend_util;
    const size = block.reduce((product, length) => product * length, 1);
    const apart = g.reshape(x, getReshaped([...x.shape], block, size));
    const moved = g.transpose(apart, getPermuted(apart.shape.length, block.length));
    const together = getReshapedPermuted([...x.shape], block, size);
    const begin = getSliceBeginCoords(crops as number[][], block.length);
    const cut = getSliceSize(together, crops as number[][], block.length);
    const rest = together.slice(cut.length);
    return slice(g, g.reshape(moved, together), [...begin, ...rest.map(() => 0)], [...cut, ...rest]);
  },
  DepthToSpace: (g, inputs, {blockSize, dataFormat}) => {
    const x = required(inputs, 'x');
    const block = blockSize as number;
    if (dataFormat !== 'NHWC') throw new EngineError('The jit has tf.depthToSpace for the data format NHWC only.');
    const [batch, height, width, depth] = x.shape as [number, number, number, number];
    const rest = depth / (block * block);
    const apart = g.reshape(x, [batch, height, width, block, block, rest]);
    return g.reshape(g.transpose(apart, [0, 1, 3, 2, 4, 5]), [batch, height * block, width * block, rest]);
  },
  FlipLeftRight: (g, inputs) => reversed(g, required(inputs, 'image'), 2),
  Diag: (g, inputs) => {
    const x = required(inputs, 'x');
    const count = x.shape.reduce((product, length) => product * length, 1);
    // Entry i of the flat input stands at i · (count + 1) of the flat result: each row one longer than it is, and cut.
    const column = g.reshape(x, [count, 1]);
    const flat = g.reshape(pad(g, column, [[0, 0], [0, count]], 'constant'), [count * (count + 1)]); // prettier-ignore
    return g.reshape(slice(g, flat, [0], [count * count]), [...x.shape, ...x.shape]);
  },
};

const reversed = (g: GraphBuilder, x: Value, axis: number): Value => {
  const operands = [x, g.ints([-1]), g.ints([-(2 ** 31)]), g.ints([axis]), g.ints([-1])];
  return g.node('Slice', operands, [x.shape, x.dtype]);
};
