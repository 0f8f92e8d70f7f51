import type * as tf from '@tensorflow/tfjs-core';
import {createPredictor} from '../../engine/predictor.ts';
import {createTrainer} from '../../engine/trainer.ts';
import type {Batch, Parameters, Tensors} from '../../engine/types.ts';
import {softmaxCrossEntropy, squaredError, weightedMean} from '../../math/losses.ts';
import {linearDecay} from '../../math/schedules.ts';
import {headOutput} from '../../models/head.ts';
import {ontoSphere} from '../../models/sphere.ts';
import type {VectorRows} from '../../math/vector-rows.ts';
import type {TaskTraining} from './task-training.ts';

/** Vectors of the examples' texts: one, or two for pairs; row i of each belongs to example i. */
export type ExampleVectors = readonly [VectorRows] | readonly [VectorRows, VectorRows];

export interface FitHeadOptions extends TaskTraining {
  /** The head's. */
  readonly parameters: Parameters;
  readonly vectors: ExampleVectors;
  readonly examples: number;
}

/** Rows `members` of the vectors as one batch, padded with zeros to `rows`: `vectors0` and `vectors1`, [rows, dim]. */
const vectorBatch = (vectors: ExampleVectors, members: ArrayLike<number>, rows: number): Batch =>
  Object.fromEntries(
    vectors.map((side, at) => {
      const data = new Float32Array(rows * side.dim);
      for (let row = 0; row < members.length; row++) data.set(side.row(members[row]!), row * side.dim);
      return [`vectors${at}`, {dtype: 'float32' as const, shape: [rows, side.dim], data}];
    }),
  );

const sides = (batch: Tensors): tf.Tensor2D[] =>
  ['vectors0', 'vectors1'].flatMap(name => (name in batch ? [ontoSphere(batch[name] as tf.Tensor2D)] : []));

/** Trains a head on sentence vectors that do not change: LTD-BERT's student used as it is. */
export const fitHead = async (options: FitHeadOptions): Promise<Parameters> => {
  const {examples, outputs, batch: rows, vectors, random} = options;
  const perExample = options.kind === 'classification' ? softmaxCrossEntropy : squaredError;
  const trainer = createTrainer({
    engine: options.engine,
    parameters: options.parameters,
    seed: options.seed,
    optimizer: {clipNorm: options.clipNorm},
    loss: (p, batch, ctx) =>
      weightedMean(
        perExample(headOutput(p, sides(batch), ctx, {dropout: options.headDropout}), batch['targets'] as tf.Tensor2D),
        batch['exampleWeights'] as tf.Tensor1D,
      ),
  });
  const stepsPerEpoch = Math.ceil(examples / rows);
  const total = stepsPerEpoch * options.epochs;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const order = random.fork(`epoch-${epoch}`).shuffle(Int32Array.from({length: examples}, (_, at) => at));
    for (let at = 0; at < stepsPerEpoch; at++) {
      options.signal.throwIfAborted();
      const members = order.subarray(at * rows, (at + 1) * rows);
      const targets = new Float32Array(rows * outputs);
      for (const [row, member] of members.entries())
        targets.set(options.targets.subarray(member * outputs, (member + 1) * outputs), row * outputs);
      const loss = await trainer.step(
        {
          ...vectorBatch(vectors, members, rows),
          targets: {dtype: 'float32', shape: [rows, outputs], data: targets},
          exampleWeights: {
            dtype: 'float32',
            shape: [rows],
            data: Float32Array.from({length: rows}, (_, row) => (row < members.length ? 1 : 0)),
          },
        },
        {
          learningRate: options.learningRate * linearDecay(trainer.steps, total),
          progress: trainer.steps / total,
          batchName: () => `batch ${at + 1} of ${stepsPerEpoch}, examples ${members.join(', ')}`,
        },
      );
      options.curve.add(trainer.steps, total, loss);
      options.onStep(trainer.steps, total, loss);
    }
  }
  const parameters = trainer.parameters();
  await trainer.close();
  return parameters;
};

/** Logits of examples by the head, in their order: [example, outputs]. */
export const predictByHead = async (
  options: Pick<FitHeadOptions, 'engine' | 'parameters' | 'outputs' | 'vectors' | 'examples'>,
): Promise<Float32Array> => {
  const rows = 256;
  const predictor = createPredictor({
    ...options,
    forward: (p, batch, ctx) => headOutput(p, sides(batch), ctx, {dropout: 0}),
  });
  const logits = new Float32Array(options.examples * options.outputs);
  for (let start = 0; start < options.examples; start += rows) {
    const members = Int32Array.from({length: Math.min(rows, options.examples - start)}, (_, row) => start + row);
    const [result] = await predictor.run(vectorBatch(options.vectors, members, rows));
    logits.set(result!.subarray(0, members.length * options.outputs), start * options.outputs);
  }
  await predictor.close();
  return logits;
};
