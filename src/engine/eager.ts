import * as tf from '@tensorflow/tfjs-core';
import type {StepGradient} from './adam.ts';
import {useBackend} from './backend.ts';
import {differentiate, prepare, type Source} from './differentiate.ts';
import {type GradientFunction, type GradientRequest, tableWidths, tensorNames} from './gradient-function.ts';
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
  const compute = (
    batch: Batch,
    progress: number,
    step: number,
  ): {loss: number; gradients: Map<string, StepGradient>} => {
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
    return {loss: found.loss.dataSync()[0]!, gradients};
  };
  return {
    run: async (batch, progress, step) => {
      await useBackend(backend);
      const engine = tf.engine();
      engine.startScope('step');
      try {
        return compute(batch, progress, step);
      } finally {
        engine.endScope();
      }
    },
    close: () => Promise.resolve(),
  };
};

/** One prediction on a backend that computes at once. */
export const eagerForward = async (
  {parameters, forward}: {parameters: HostTensors; forward: ForwardFunction},
  batch: Batch,
  backend: string,
): Promise<Float32Array[]> => {
  await useBackend(backend);
  const engine = tf.engine();
  engine.startScope('predict');
  try {
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
  } finally {
    engine.endScope();
  }
};
