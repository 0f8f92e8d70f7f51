import {EngineError} from '../errors.ts';
import {callerLine} from './caller-line.ts';
import type {GraphBuilder, Value} from './graph.ts';

/** How one tfjs kernel is written in ONNX operators. Names of inputs and attributes are the kernel's own. */
export type Lowering = (
  graph: GraphBuilder,
  inputs: Readonly<Record<string, Value>>,
  attributes: Readonly<Record<string, unknown>>,
) => Value | readonly Value[];

export type Lowerings = Readonly<Record<string, Lowering>>;

/** The input that a kernel always has; missing means that tfjs and we disagree about its name. */
export const required = (inputs: Readonly<Record<string, Value>>, name: string): Value => {
  const value = inputs[name];
  if (!value) throw new Error(`Internal error: a kernel came without its input "${name}"`);
  return value;
};

export const broadcastShape = (a: readonly number[], b: readonly number[]): number[] => {
  const rank = Math.max(a.length, b.length);
  return Array.from({length: rank}, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new EngineError(
        `Shapes [${a.join(', ')}] and [${b.join(', ')}] do not fit${callerLine()}: counted from the end, axis ${axis - rank} is ` +
          `${left} in the first and ${right} in the second; they must be equal, or one of them 1.`,
      );
    }
    return left === 1 ? right : left;
  });
};

/** Axes as tfjs passes them (a number, a list or nothing, counted from either end) → a sorted list from the front. */
export const axesOf = (axis: unknown, rank: number): number[] => {
  const list =
    axis === undefined || axis === null ? Array.from({length: rank}, (_, i) => i) : [axis as number | number[]].flat();
  return [...new Set(list.map(item => (item < 0 ? item + rank : item)))].sort((a, b) => a - b);
};
