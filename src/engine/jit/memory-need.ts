import {totalmem} from 'node:os';
import {EngineError} from '../errors.ts';
import {type GraphNode, sizeOf, type Value} from './graph.ts';

const bytesOf = ({shape, dtype}: Value): number => sizeOf(shape) * {float32: 4, int32: 4, int64: 8, bool: 1}[dtype];

/** The value whose memory a value is: ONNX Runtime reshapes without copying. */
const owner = (value: Value): Value => (value.node?.op === 'Reshape' ? owner(value.node.inputs[0]!) : value);

/**
 * The most bytes that the results of nodes take at any one time, when they run in this order and each result is freed after
 * its last use. What the host holds (parameters, gradients, batch and masks) is not in it.
 */
export const peakBytes = (order: readonly GraphNode[], outputs: readonly Value[]): number => {
  const held = new Set(outputs.map(owner));
  const lastUse = new Map<Value, number>();
  order.forEach((node, at) => {
    for (const value of [...node.inputs, ...node.outputs]) lastUse.set(owner(value), at);
  });
  const freedAt: Value[][] = order.map(() => []);
  for (const [value, at] of lastUse) if (value.node && !held.has(value)) freedAt[at]!.push(value);
  let [now, most] = [0, 0];
  order.forEach((node, at) => {
    for (const value of node.outputs) if (owner(value) === value && !held.has(value)) now += bytesOf(value);
    most = Math.max(most, now);
    for (const value of freedAt[at]!) now -= bytesOf(value);
  });
  return most;
};

/** What a compiled function needs to run, in bytes: `host` for its inputs and results, `inside` for what is between them. */
export interface MemoryNeed {
  readonly host: number;
  readonly inside: number;
}

export const memoryNeed = (order: readonly GraphNode[], outputs: readonly Value[]): MemoryNeed => {
  const inputs = new Set(order.flatMap(({inputs: values}) => values).filter(({input}) => input !== null));
  const host = [...inputs, ...new Set(outputs)].reduce((sum, value) => sum + bytesOf(value), 0);
  return {host, inside: peakBytes(order, outputs)};
};

const gib = (bytes: number): string => {
  const amount = bytes / 2 ** 30;
  return `${amount < 1 ? amount.toPrecision(2) : amount.toFixed(1)} GiB`;
};

/** `found` says what there is, or what went wrong. */
export const outOfMemory = ({host, inside}: MemoryNeed, shapes: string, found: string): EngineError =>
  new EngineError(
    `Out of memory: a step on ${shapes === '' ? 'an empty batch' : shapes} needs about ${gib(host + inside)} ` +
      `(${gib(inside)} between its operations, ${gib(host)} for parameters, gradients, batch and masks); ${found}. ` +
      'Lower the number of rows or of tokens of a batch (several small batches in one step give the same gradient), ' +
      'the size of the model, or the number of jobs at a time.',
  );

/** Refuses what this machine can never hold: the system would end the process without a word. */
export const checkMemory = (need: MemoryNeed, shapes: string): void => {
  // 0 or an absurd number where no limit is set.
  const limit = process.constrainedMemory();
  const total = Math.min(totalmem(), limit > 0 ? limit : Infinity);
  if (need.host + need.inside > total) throw outOfMemory(need, shapes, `this machine has ${gib(total)}`);
};

/** ONNX Runtime's words for memory that it did not get, and JavaScript's. */
export const isOutOfMemory = (error: unknown): boolean =>
  /bad_alloc|failed to allocate|array buffer allocation failed|invalid typed array length/i.test(
    (error as Error).message,
  );
