import * as tf from '@tensorflow/tfjs-core';
import {createPredictor} from '../../engine/predictor.ts';
import {createTrainer} from '../../engine/trainer.ts';
import type {Batch, ModelContext, Parameters, Tensors} from '../../engine/types.ts';
import {softmaxCrossEntropy, squaredError, weightedMean} from '../../math/losses.ts';
import {linearDecay} from '../../math/schedules.ts';
import {headOutput} from '../../models/head.ts';
import {onePass, planBatches, planName, sentenceBatch} from '../../models/sentence-batch.ts';
import type {BatchPlan} from '../../models/sentence-batch.ts';
import {ontoSphere} from '../../models/sphere.ts';
import type {StudentForward} from '../../models/student.ts';
import type {EncodedText} from '../../models/encoded-text.ts';
import type {TaskTraining} from './task-training.ts';
import {trainEpochs} from '../train-epochs.ts';

/** One example as the network reads it: one text, or two. */
export type EncodedExample = readonly [EncodedText] | readonly [EncodedText, EncodedText];

export interface FineTuneOptions extends TaskTraining {
  /** The student's and the head's together. */
  readonly parameters: Parameters;
  readonly student: StudentForward;
  readonly examples: readonly EncodedExample[];
  /** Where checkpoints lie; a training that finds one goes on from it and ends with the same bytes. */
  readonly checkpoints: string;
}

type Shape = Pick<FineTuneOptions, 'student' | 'headDropout'> & {readonly texts: 1 | 2};

/** Logits [example, outputs] of a batch of texts: all first texts, then all second ones, go through the student at once. */
const logitsOf = (p: Tensors, batch: Tensors, ctx: ModelContext, {student, headDropout, texts}: Shape): tf.Tensor2D => {
  const vectors = ontoSphere(student.sentence(p, batch, ctx));
  return headOutput(p, texts === 1 ? [vectors] : tf.split(vectors, 2, 0), ctx, {dropout: headDropout});
};

const nothing: EncodedText = {ids: new Int32Array(0), weights: new Float32Array(0)};

/** Rows 0 … rows − 1 hold first texts, rows … 2·rows − 1 second ones; rows without an example are empty. */
const exampleBatch = (examples: readonly EncodedExample[], plan: BatchPlan, {directions}: StudentForward): Batch => {
  const column = (side: number): EncodedText[] =>
    Array.from({length: plan.rows}, (_, row) => examples[plan.members[row] ?? -1]?.[side] ?? nothing);
  const texts = examples[0]!.length === 1 ? column(0) : [...column(0), ...column(1)];
  return sentenceBatch(texts, {rows: texts.length, tokens: plan.tokens, directions});
};

const lengthsOf = (examples: readonly EncodedExample[]): number[] =>
  examples.map(example => Math.max(...example.map(text => text.ids.length)));

/** Trains student and head on labelled examples; cross-entropy for labels, squared error for scores. */
export const fineTune = async (options: FineTuneOptions): Promise<Parameters> => {
  const {examples, outputs, random, kind} = options;
  const shape: Shape = {...options, texts: examples[0]!.length};
  const perExample = kind === 'classification' ? softmaxCrossEntropy : squaredError;
  const trainer = createTrainer({
    engine: options.engine,
    parameters: options.parameters,
    lazyRows: options.student.tables.filter(name => name in options.parameters),
    seed: options.seed,
    optimizer: {clipNorm: options.clipNorm},
    loss: (p, batch, ctx) =>
      weightedMean(
        perExample(logitsOf(p, batch, ctx, shape), batch['targets'] as tf.Tensor2D),
        batch['exampleWeights'] as tf.Tensor1D,
      ),
  });
  const lengths = lengthsOf(examples);
  return trainEpochs({
    ...options,
    trainer,
    order: epoch => planBatches(lengths, {rows: options.batch, random: random.fork(`epoch-${epoch}`)}),
    contentOf: (plan: BatchPlan, {at}, plans) => {
      const targets = new Float32Array(plan.rows * outputs);
      const weights = new Float32Array(plan.rows);
      for (const [row, member] of plan.members.entries()) {
        targets.set(options.targets.subarray(member * outputs, (member + 1) * outputs), row * outputs);
        weights[row] = 1;
      }
      const batch = {
        ...exampleBatch(examples, plan, options.student),
        targets: {dtype: 'float32', shape: [plan.rows, outputs], data: targets},
        exampleWeights: {dtype: 'float32', shape: [plan.rows], data: weights},
      } as const;
      return {batch, name: () => planName(plan, at, plans)};
    },
    learningRate: (step, total) => options.learningRate * linearDecay(step, total),
    checkpointSteps: 5 * Math.ceil(examples.length / options.batch),
  });
};

/** Logits of examples, in their order: [example, outputs]. */
export const predictExamples = async (
  options: Pick<FineTuneOptions, 'engine' | 'parameters' | 'student' | 'headDropout' | 'outputs'>,
  examples: readonly EncodedExample[],
): Promise<Float32Array> => {
  const {outputs} = options;
  const logits = new Float32Array(examples.length * outputs);
  if (examples.length === 0) return logits;
  const shape: Shape = {...options, texts: examples[0]!.length};
  const predictor = createPredictor({...options, forward: (p, batch, ctx) => logitsOf(p, batch, ctx, shape)});
  for (const plan of planBatches(lengthsOf(examples), {rows: 128, shapeCost: onePass})) {
    const [rows] = await predictor.run(exampleBatch(examples, plan, options.student));
    for (const [row, member] of plan.members.entries())
      logits.set(rows!.subarray(row * outputs, (row + 1) * outputs), member * outputs);
  }
  await predictor.close();
  return logits;
};
