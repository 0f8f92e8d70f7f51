import type * as tf from '@tensorflow/tfjs-core';
import type {Value} from './graph.ts';

/** What a tensor of tfjs is here. */
export interface Entry {
  /** The numbers; the real part of complex ones; for strings, their numbers in the table of strings. */
  readonly value: Value;
  readonly imaginary?: Value;
  readonly strings?: true;
}

export const dtypeOf = ({value, imaginary, strings}: Entry): tf.DataType => {
  if (imaginary) return 'complex64';
  if (strings) return 'string';
  // int64 exists only between lowerings.
  return value.dtype === 'int64' ? 'int32' : value.dtype;
};

export const valuesOf = ({value, imaginary}: Entry): readonly Value[] => (imaginary ? [value, imaginary] : [value]);
