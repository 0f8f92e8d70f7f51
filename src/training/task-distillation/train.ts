import {createTrainer} from '../../engine/trainer.ts';
import type {Batch, Engine, Parameters} from '../../engine/types.ts';
import type {Random} from '../../math/random.ts';
import type {TaskPlan} from '../../methods/task-method.ts';
import {planBatches, planName} from '../../models/sentence-batch.ts';
import type {BatchPlan} from '../../models/sentence-batch.ts';
import type {LossCurve} from '../loss-curve.ts';
import {trainEpochs} from '../train-epochs.ts';
import {warmedRate} from '../warmed-rate.ts';
import {mapParameters, taskLoss} from './loss.ts';
import type {Signals} from './signals.ts';
import {stepEntries} from './step-entries.ts';
import type {PreparedExamples, TaskStudent} from './student.ts';

export interface TaskDistillation {
  readonly engine: Engine;
  readonly student: TaskStudent;
  readonly plan: TaskPlan;
  readonly kind: 'classification' | 'regression';
  readonly examples: PreparedExamples;
  /** [example, outputs] */
  readonly targets: Float32Array;
  readonly outputs: number;
  readonly signals: Signals | null;
  /** Runs the teacher on the very batch, for what is too large to be kept for all examples; null where nothing is. */
  readonly teacherOutputs: ((batch: Batch) => Promise<Batch>) | null;
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  /** Share of the steps in which the rate grows. */
  readonly warmup: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  /** Of the dropout masks. */
  readonly seed: number;
  /** Its forks give initial maps, the order of each epoch and each step's negatives. */
  readonly random: Random;
  /** Where checkpoints lie; a training that finds one goes on from it and ends with the same bytes. */
  readonly checkpoints: string;
  readonly signal: AbortSignal;
  readonly curve: LossCurve;
  onStep(step: number, total: number, loss: number): void;
}

export const stepsBetweenCheckpoints = 100;

/** Linear maps, uniform ±1/√inputs as torch.nn.Linear, biases 0. */
const initMaps = ({maps}: TaskPlan, random: Random): Parameters =>
  Object.fromEntries(
    Object.entries(maps).flatMap(([name, [inputs, outputs]]) => {
      const own = random.fork(name);
      const bound = 1 / Math.sqrt(inputs);
      const [kernel, bias] = mapParameters(name);
      const data = new Float32Array(inputs * outputs).map(() => bound * (2 * own.uniform() - 1));
      return [
        [kernel, {shape: [inputs, outputs], data}],
        [bias, {shape: [outputs], data: new Float32Array(outputs)}],
      ];
    }),
  );

/** Trains a student by a method; returns its parameters without the maps, which only the training needs. */
export const distilTask = async (options: TaskDistillation): Promise<Parameters> => {
  const {student, plan, examples, random} = options;
  const trainer = createTrainer({
    engine: options.engine,
    parameters: {...student.initial, ...initMaps(plan, random.fork('maps'))},
    lazyRows: [student.table],
    seed: options.seed,
    optimizer: {clipNorm: options.clipNorm, weightDecay: options.weightDecay},
    loss: taskLoss(options),
  });
  const parameters = await trainEpochs({
    ...options,
    trainer,
    order: epoch => planBatches(examples.lengths, {rows: options.batch, random: random.fork(`epoch-${epoch}`)}),
    contentOf: async (own: BatchPlan, {step, at}, plans) => {
      const read = examples.batch(own.members, own);
      const batch: Batch = {
        ...read,
        ...stepEntries(own, {...options, needs: plan.needs}, random.fork(`negatives-${step}`)),
        ...(options.teacherOutputs && (await options.teacherOutputs(read))),
      };
      return {batch, name: () => planName(own, at, plans)};
    },
    learningRate: warmedRate(options.learningRate, options.warmup),
    terms: plan.terms.map(({name}) => name),
    checkpointSteps: stepsBetweenCheckpoints,
  });
  return Object.fromEntries(Object.keys(student.initial).map(name => [name, parameters[name]!]));
};
