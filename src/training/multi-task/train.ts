import {createTrainer} from '../../engine/trainer.ts';
import type {Engine, Parameters} from '../../engine/types.ts';
import type {Random} from '../../math/random.ts';
import type {TrainingExample} from './encode.ts';
import {byLength} from './by-length.ts';
import {epochOrder} from './epoch-order.ts';
import type {Mixture} from './epoch-order.ts';
import type {HeadLayout} from './heads.ts';
import type {LossCurve} from '../loss-curve.ts';
import {bamRates} from './layer-rates.ts';
import {multiTaskLoss} from './loss.ts';
import type {LossOptions} from './loss.ts';
import {stepBatches} from './step-batches.ts';
import {trainEpochs} from '../train-epochs.ts';
import {warmedRate} from '../warmed-rate.ts';

export interface MultiTaskTraining extends LossOptions {
  readonly engine: Engine;
  /** Of encoder, pooler and heads. */
  readonly parameters: Parameters;
  readonly layout: HeadLayout;
  /** All tasks' examples end to end. */
  readonly examples: readonly TrainingExample[];
  readonly mixture: Mixture;
  readonly epochs: number;
  /** Examples of a step. */
  readonly batch: number;
  /** Steps whose examples are dealt out by length. */
  readonly stepsByLength: number;
  /** Pieces of one run of the engine, padding included; a step is as many runs as it needs. */
  readonly runPieces: number;
  readonly learningRate: number;
  /** Share of the steps in which the rate grows. */
  readonly warmup: number;
  readonly layerDecay: number;
  readonly weightDecay: number;
  readonly epsilon: number;
  readonly clipNorm: number;
  /** Of a step's losses: the sum as BAM's code, or the mean as BERT's; it matters to clipping alone. */
  readonly reduction: 'sum' | 'mean';
  /** Of the dropout masks. */
  readonly seed: number;
  /** Its forks give the order of each epoch. */
  readonly random: Random;
  /** Where checkpoints lie; a training that finds one goes on from it and ends with the same bytes. */
  readonly checkpoints: string;
  readonly signal: AbortSignal;
  /** Takes every step's loss, before its update. */
  readonly curve: LossCurve;
  onStep(step: number, total: number, loss: number): void;
}

const stepsBetweenCheckpoints = 200;

/** Trains a shared encoder and its heads on all tasks at once; with one task it is BERT's fine-tuning. */
export const trainMultiTask = async (options: MultiTaskTraining): Promise<Parameters> => {
  const {examples, mixture, batch, random, config} = options;
  const {weightDecay, epsilon, clipNorm} = options;
  const trainer = createTrainer({
    engine: options.engine,
    parameters: options.parameters,
    // Rows of words that a step does not hold keep their values and moments: a dense update would cost more than the rest.
    lazyRows: ['embeddings.word_embeddings.weight'],
    seed: options.seed,
    optimizer: {
      ...{weightDecay, epsilon, clipNorm, biasCorrection: false},
      rateOf: bamRates(config.layers, options.layerDecay),
    },
    loss: (p, inputs, ctx) => multiTaskLoss(p, inputs, ctx, options),
  });
  const {taskWeights} = mixture;
  const step = {
    ...{layout: options.layout, batch, runPieces: options.runPieces, positions: config.positions},
    weightOf: (task: number) => taskWeights[task]!.weight,
    hasTeacher: examples.some(({teacher}) => teacher !== null),
  };
  return trainEpochs({
    ...options,
    trainer,
    order: epoch => {
      const own = random.fork(`epoch-${epoch}`);
      const lengthOf = (member: number): number => examples[member]!.ids.length;
      const order = byLength(epochOrder(mixture, own), {batch, steps: options.stepsByLength, lengthOf, random: own});
      const steps = Math.ceil(order.length / batch);
      return Array.from({length: steps}, (_, at) => order.subarray(at * batch, (at + 1) * batch));
    },
    contentOf: (members: Uint32Array) => {
      const chosen = Array.from(members, member => examples[member]!);
      const divisor = options.reduction === 'sum' ? 1 : chosen.length;
      const nameOf = ({task, id}: TrainingExample): string => `${options.layout.heads[task]!.task.name} ${id}`;
      return {batch: stepBatches(chosen, divisor, step), name: () => `examples ${chosen.map(nameOf).join(', ')}`};
    },
    learningRate: warmedRate(options.learningRate, options.warmup),
    checkpointSteps: stepsBetweenCheckpoints,
  });
};
