import fs from 'node:fs';
import {dirname, join} from 'node:path';

export interface TfjsWeight {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

interface Manifest {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly {
      readonly name: string;
      readonly shape: readonly number[];
      readonly dtype: string;
      readonly quantization?: unknown;
    }[];
  }[];
}

const bytesOf: Readonly<Record<string, number>> = {float32: 4, int32: 4, bool: 1};

/**
 * The weights of a TensorFlow.js graph model, by name: `model.json` lists groups of shard files and, in the order in
 * which they lie in the group's joined bytes (little-endian, no padding), each weight's name, shape and dtype.
 */
export const readTfjsWeights = (modelJson: string): Map<string, TfjsWeight> => {
  const manifest = JSON.parse(fs.readFileSync(modelJson, 'utf8')) as Manifest;
  const weights = new Map<string, TfjsWeight>();
  for (const group of manifest.weightsManifest) {
    const joined = Buffer.concat(group.paths.map(path => fs.readFileSync(join(dirname(modelJson), path))));
    let start = 0;
    for (const {name, shape, dtype, quantization} of group.weights) {
      const width = bytesOf[dtype];
      if (width === undefined || quantization !== undefined) {
        throw new Error(
          `${modelJson}: weight ${name} is ${quantization ? 'quantised' : dtype}; expected float32 or int32.`,
        );
      }
      const length = shape.reduce((product, dimension) => product * dimension, 1);
      const end = start + length * width;
      if (end > joined.length)
        throw new Error(`${modelJson}: the weight files end inside of ${name}; are they complete?`);
      // A copy: a weight may start at any byte, typed arrays may not.
      const bytes = new Uint8Array(joined.subarray(start, end)).buffer;
      const data =
        dtype === 'float32'
          ? new Float32Array(bytes)
          : dtype === 'int32'
            ? new Int32Array(bytes)
            : new Uint8Array(bytes);
      weights.set(name, {shape, data});
      start = end;
    }
    if (start !== joined.length)
      throw new Error(`${modelJson}: ${joined.length - start} bytes more than its weights have.`);
  }
  return weights;
};
