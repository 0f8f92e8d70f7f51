import {join} from 'node:path';
import {encodeModel} from '../../src/io/onnx.ts';
import {readTfjsWeights} from '../../src/io/tfjs-graph-model.ts';
import {openUseLite} from '../../src/models/use-lite-session.ts';
import {useLiteGraph} from '../../src/models/use-lite.ts';
import {usePackageFolder} from '../../src/text/use-package.ts';

export const weights = () => readTfjsWeights(join(usePackageFolder(), 'model.json'));

export const openTeacher = () => openUseLite({model: encodeModel(useLiteGraph(weights())), threads: 1});

export const cosine = (a: Float32Array, b: Float32Array): number => {
  let dot = 0;
  let left = 0;
  let right = 0;
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [a[index] ?? 0, b[index] ?? 0];
    dot += x * y;
    left += x * x;
    right += y * y;
  }
  return dot / Math.sqrt(left * right);
};

export const mean = (length: number): Float32Array => new Float32Array(length).fill(1 / length);
