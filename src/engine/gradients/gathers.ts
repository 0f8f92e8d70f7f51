import * as tf from '@tensorflow/tfjs-core';
import {first, type Gradient} from './define.ts';

/** Rows picked by number, and rows added up by number. */
export const gathers: Readonly<Record<string, Gradient>> = {
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
