import * as tf from '@tensorflow/tfjs-core';
import type {StepGradient} from './adam.ts';
import {onBackend} from './backend.ts';
import {differentiate, prepare, type Source} from './differentiate.ts';
import {
  type GradientFunction,
  type GradientRequest,
  type StepResult,
  tableWidths,
  maskNumber,
  tensorNames,
} from './gradient-function.ts';
import {gatherRows, RowAccumulator} from './lookups.ts';
import {fillMask} from './masks.ts';
import type {Batch, ForwardFunction, HostTensor} from './types.ts';

type HostTensors = Readonly<Record<string, HostTensor>>;

const tensorsOf = (names: readonly string[], parameters: HostTensors): Record<string, tf.Tensor> =>
  Object.fromEntries(
    names.map(name => [name, tf.tensor(parameters[name]!.data, [...parameters[name]!.shape], 'float32')]),
  );

const batchTensors = (batch: Batch): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(batch).map(([name, {data, shape, dtype}]) => [name, tf.tensor(data, [...shape], dtype)]),
  );

const sourceOf = (parameters: HostTensors, batch: Batch, seed: number, step: number): Omit<Source, 'rowGradient'> => ({
  mask: (call, shape, rate) => {
    const data = new Float32Array(tf.util.sizeFromShape([...shape]));
    fillMask(data, rate, seed, step, call);
    return tf.tensor(data, [...shape]);
  },
  rows: (table, entry, shape) => {
    const data = new Float32Array(tf.util.sizeFromShape([...shape]));
    gatherRows(parameters[table]!.data, shape.at(-1)!, batch[entry]!.data as Int32Array, data, table);
    return tf.tensor(data, [...shape]);
  },
});

/** Loss and gradients on a backend that computes at once: TensorFlow itself, or the oracle of the tests. */
export const eagerGradients = (request: GradientRequest, backend: string): GradientFunction => {
  const {parameters, loss, dense, lazy, hostTables, seed} = request;
  const accumulators = new Map(
    lazy.map(table => [table, new RowAccumulator(parameters[table]!.shape[0]!, hostTables[table]!)]),
  );
  const names = tensorNames(request);
  const compute = (batch: Batch, progress: number, step: number): StepResult => {
    const gradients = new Map<string, StepGradient>();
    const source: Source = {
      ...sourceOf(parameters, batch, seed, step),
      rowGradient: (table, entry, gradient) => {
        accumulators.get(table)?.add(batch[entry]!.data as Int32Array, gradient.dataSync() as Float32Array);
      },
    };
    const inputs = {
      parameters: tensorsOf(names, parameters),
      batch: batchTensors(batch),
      progress: tf.scalar(progress),
      hostTables,
    };
    const found = differentiate(loss, inputs, dense, source);
    for (const [name, tensor] of found.gradients) {
      gradients.set(name, {kind: 'dense', data: tensor.dataSync() as Float32Array});
    }
    for (const [table, accumulator] of accumulators) {
      const sums = accumulator.take();
      if (sums.ids.length > 0) gradients.set(table, {kind: 'rows', ...sums});
    }
    const reported = Object.fromEntries(Array.from(found.reported, ([name, value]) => [name, value.dataSync()[0]!]));
    return {loss: found.loss.dataSync()[0]!, reported, gradients};
  };
  return {
    run: (batch, progress, place) =>
      onBackend(backend, () => scoped('step', () => compute(batch, progress, maskNumber(place)))),
    close: () => Promise.resolve(),
  };
};

/** One prediction on a backend that computes at once. */
export const eagerForward = (
  {parameters, forward}: {parameters: HostTensors; forward: ForwardFunction},
  batch: Batch,
  backend: string,
): Promise<Float32Array[]> => {
  const compute = (): Float32Array[] => {
    const inputs = {
      parameters: tensorsOf(Object.keys(parameters), parameters),
      batch: batchTensors(batch),
      progress: tf.scalar(0),
      hostTables: tableWidths(parameters, Object.keys(parameters)),
    };
    const source: Source = {...sourceOf(parameters, batch, 0, 0), rowGradient: () => undefined};
    const prepared = prepare(inputs, source, false, null);
    const results = [forward(prepared.parameters, prepared.batch, prepared.context)].flat();
    return results.map(tensor => Float32Array.from(tensor.dataSync()));
  };
  return onBackend(backend, () => scoped('predict', compute));
};

/** Runs `work` and frees its tensors; tf.tidy would look for some in what it returns. */
const scoped = <T>(name: string, work: () => T): T => {
  const engine = tf.engine();
  engine.startScope(name);
  try {
    return work();
  } finally {
    engine.endScope();
  }
};
