import {EngineError} from '../../errors.ts';
import type {GraphBuilder, Value} from '../graph.ts';
import {unary} from './elementwise.ts';
import {prelu} from './quotients.ts';

const plain: Readonly<Record<string, string>> = {
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  elu: 'Elu',
  tanh: 'Tanh',
  softplus: 'Softplus',
};

/** The activation at the end of a fused kernel; `slope` is prelu's. */
export const activate = (
  g: GraphBuilder,
  x: Value,
  attributes: Readonly<Record<string, unknown>>,
  slope: Value | undefined,
  caller: string,
): Value => {
  const name = (attributes['activation'] as string | null | undefined) ?? 'linear';
  if (name === 'linear') return x;
  const op = plain[name];
  if (op) return unary(g, op, x);
  if (name === 'relu6') return g.node('Clip', [x, g.fill([], 0), g.fill([], 6)], [x.shape, x.dtype]);
  if (name === 'leakyrelu') {
    // 0.2 is TensorFlow.js's own default.
    const alpha = (attributes['leakyreluAlpha'] as number | undefined) ?? 0.2;
    return g.node('LeakyRelu', [x], [x.shape, x.dtype], {attributes: {alpha: {float: alpha}}});
  }
  if (name === 'prelu' && slope) return prelu(g, x, slope);
  throw new EngineError(`The jit has no lowering for ${caller} with activation "${name}".`);
};
