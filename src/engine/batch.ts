import {EngineError} from './errors.ts';
import type {Batch} from './types.ts';

/** Names and shapes of a batch: what decides which compiled step it runs on. */
export const shapeKey = (batch: Batch): string =>
  Object.entries(batch)
    .map(([name, {dtype, shape}]) => `${name} ${dtype} [${shape.join()}]`)
    .join('; ');

export const checkBatch = (batch: Batch): void => {
  for (const [name, {shape, data, dtype}] of Object.entries(batch)) {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    const type = data instanceof Int32Array ? 'int32' : 'float32';
    if (data.length === size && type === dtype) continue;
    throw new EngineError(
      `Batch entry "${name}" is declared as ${dtype} [${shape.join(', ')}] (${size} values), its data is ${type} with ${data.length}.`,
    );
  }
};
