import type {Batch, Parameters, Trainer} from '../engine/types.ts';
import type {LossCurve, TermLoss} from './loss-curve.ts';

/** Where a training stands before a step: steps done in all, and which of its epoch comes. */
export interface StepPosition {
  readonly step: number;
  readonly at: number;
  readonly epoch: number;
}

export interface StepContent {
  /** Several count as one. */
  readonly batch: Batch | readonly Batch[];
  /** For messages. */
  readonly name?: () => string;
}

/** What trainings on labels and on words have in common; `Plan` says what one step learns from. */
export interface EpochTraining<Plan> {
  readonly trainer: Trainer;
  readonly epochs: number;
  /** The steps of an epoch, as many in each. Asked anew when a killed training goes on, so it must depend on the epoch alone. */
  order(epoch: number): readonly Plan[];
  contentOf(plan: Plan, position: StepPosition, plans: readonly Plan[]): StepContent | Promise<StepContent>;
  learningRate(step: number, total: number): number;
  /** Terms that the loss reports, each also as `NAME weighted`. */
  readonly terms?: readonly string[];
  readonly curve: LossCurve;
  /** Where checkpoints lie; a training that finds one goes on from it and ends with the same bytes. */
  readonly checkpoints: string;
  readonly checkpointSteps: number;
  readonly signal: AbortSignal;
  onStep(step: number, total: number, loss: number): void;
}

/** Trains to the last epoch's end and closes the trainer. */
export const trainEpochs = async <Plan>(training: EpochTraining<Plan>): Promise<Parameters> => {
  const {trainer, curve, checkpoints, checkpointSteps, terms = []} = training;
  const stepsPerEpoch = training.order(0).length;
  const total = stepsPerEpoch * training.epochs;
  const notes = await trainer.restore(checkpoints);
  if (notes) curve.restore(notes['curve']!);
  let plans = training.order(Math.floor(trainer.steps / stepsPerEpoch));
  while (trainer.steps < total) {
    training.signal.throwIfAborted();
    const at = trainer.steps % stepsPerEpoch;
    const epoch = Math.floor(trainer.steps / stepsPerEpoch);
    if (at === 0) plans = training.order(epoch);
    const {batch, name} = await training.contentOf(plans[at]!, {step: trainer.steps, at, epoch}, plans);
    const loss = await trainer.step(batch, {
      learningRate: training.learningRate(trainer.steps, total),
      progress: trainer.steps / total,
      ...(name && {batchName: name}),
    });
    const reported = trainer.reported();
    const values = terms.map((term): [string, TermLoss] => [
      term,
      {value: reported[term]!, weighted: reported[`${term} weighted`]!},
    ]);
    curve.add(trainer.steps, total, loss, Object.fromEntries(values));
    training.onStep(trainer.steps, total, loss);
    if (trainer.steps % checkpointSteps === 0 && trainer.steps < total)
      await trainer.save(checkpoints, {curve: curve.notes()});
  }
  const parameters = trainer.parameters();
  await trainer.close();
  return parameters;
};
