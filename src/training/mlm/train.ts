import {createTrainer} from '../../engine/trainer.ts';
import type {Batch, Engine, LossFunction, Parameters} from '../../engine/types.ts';
import type {Random} from '../../math/random.ts';
import {planBatches} from '../../models/sentence-batch.ts';
import type {BatchPlan} from '../../models/sentence-batch.ts';
import type {LossCurve} from '../loss-curve.ts';
import {trainEpochs} from '../train-epochs.ts';
import {warmedRate} from '../warmed-rate.ts';
import {maskWords} from './masking.ts';
import type {MaskingOptions} from './masking.ts';
import {recordedBatch} from './recorded-words.ts';
import type {RecordedWords} from './recorded-words.ts';
import {wordBatch} from './word-batch.ts';
import type {WordBatchShape} from './word-batch.ts';

export interface WordTraining {
  readonly engine: Engine;
  readonly parameters: Parameters;
  readonly loss: LossFunction;
  /** Names under which the loss reports its terms. */
  readonly terms: readonly string[];
  /** Parameters that keep their values. */
  frozen(name: string): boolean;
  readonly texts: readonly Int32Array[];
  readonly masking: MaskingOptions;
  readonly scored: WordBatchShape['scored'];
  /** What the teacher adds to a batch; null without one. */
  readonly teacher: ((batch: Batch) => Promise<Batch>) | null;
  /** What a teacher said before, of which words are hidden too; the texts are these `rows` of its corpus. */
  readonly recorded?: {readonly words: RecordedWords; readonly rows: Int32Array} | null;
  readonly epochs: number;
  /** Texts of one run, and runs of one update. */
  readonly batch: number;
  readonly accumulate: number;
  readonly learningRate: number;
  readonly warmup: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly seed: number;
  /** Its forks give the order of each epoch and what is hidden in each step: the same after a restart. */
  readonly random: Random;
  readonly checkpoints: string;
  readonly checkpointSteps: number;
  readonly signal: AbortSignal;
  readonly curve: LossCurve;
  onStep(step: number, total: number, loss: number): void;
}

/** Trains a masked-word model with dynamic masking: each time a text is read, other words are hidden. */
export const trainWords = async (options: WordTraining): Promise<Parameters> => {
  const {texts, masking, random, batch: rows} = options;
  const trainer = createTrainer({
    engine: options.engine,
    parameters: options.parameters,
    loss: options.loss,
    frozen: Object.keys(options.parameters).filter(name => options.frozen(name)),
    seed: options.seed,
    optimizer: {
      ...{clipNorm: options.clipNorm, weightDecay: options.weightDecay},
      ...{beta2: options.beta2, epsilon: options.epsilon},
    },
  });
  const lengths = texts.map(ids => ids.length);
  const {accumulate} = options;
  const batchOf = async ({members, tokens}: BatchPlan, hiding: Random, epoch: number): Promise<Batch> => {
    if (options.recorded) {
      const {words, rows: numbers} = options.recorded;
      const read = members.map(member => ({row: numbers[member]!, ids: texts[member]!}));
      return recordedBatch(words, read, {rows, tokens}, epoch);
    }
    const own = members.map(member => texts[member]!);
    const shape = {rows, tokens, scored: options.scored, share: masking.share};
    const batch = wordBatch(own, maskWords(own, masking, hiding), shape);
    return options.teacher ? {...batch, ...(await options.teacher(batch))} : batch;
  };
  return trainEpochs({
    ...options,
    trainer,
    order: epoch => {
      const runs = planBatches(lengths, {rows, random: random.fork(`epoch-${epoch}`)});
      const steps = Math.ceil(runs.length / accumulate);
      return Array.from({length: steps}, (_, step) => runs.slice(step * accumulate, (step + 1) * accumulate));
    },
    contentOf: async (runs: readonly BatchPlan[], {step, epoch}) => {
      const hiding = random.fork(`step-${step}`);
      const batch: Batch[] = [];
      for (const run of runs) batch.push(await batchOf(run, hiding, epoch));
      return {batch};
    },
    learningRate: warmedRate(options.learningRate, options.warmup),
  });
};
