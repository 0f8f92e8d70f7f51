import fs from 'node:fs';
import {join} from 'node:path';
import {createRandom} from '../../math/random.ts';
import {openEngine} from '../../engine/engine.ts';
import {readExamples} from '../../tasks/read.ts';
import type {Example, Task} from '../../tasks/task.ts';
import {createLossCurve, writeTaskCurve} from '../loss-curve.ts';
import {predictionsOf, writePredictions} from '../../evaluation/predictions.ts';
import type {GoldWeight} from './annealing.ts';
import {encodeTasks} from './encode.ts';
import type {Balance} from './epoch-order.ts';
import {mixtureOf} from './epoch-order.ts';
import {headLayout} from './heads.ts';
import {openMultiTaskPredictor} from './predict.ts';
import type {TrainingSettings} from './settings.ts';
import {startFrom} from './start.ts';
import type {Start} from './start.ts';
import {readTeacherTargets} from './teacher-targets.ts';
import {trainMultiTask} from './train.ts';

export interface TaskFiles {
  readonly task: Task;
  readonly train: string;
  readonly dev: string | null;
  readonly test: string | null;
  /** What its teacher said, a file of stage `teacher-logits`. */
  readonly teacher: string | null;
  readonly bothOrders: boolean;
}

/** A task that is not trained on, answered by the head of one that is: MNLI's mismatched genres, the diagnostic set. */
export interface AlsoPredicted {
  readonly task: Task;
  readonly trainedAs: string;
  readonly dev: string | null;
  readonly test: string | null;
}

export interface MultiTaskJob extends Omit<TrainingSettings, 'keepModel'> {
  readonly tasks: readonly TaskFiles[];
  readonly alsoPredict: readonly AlsoPredicted[];
  /** Folder of the encoder that is started from. */
  readonly model: string;
  readonly heads: 'new' | 'kept';
  readonly balance: Balance;
  readonly goldWeight: GoldWeight;
  readonly reduction: 'sum' | 'mean';
  readonly threads: number;
  readonly arm: string;
  readonly axis: Readonly<Record<string, string>>;
  /** Folder for `<task>.<split>.arrow`. */
  readonly predictions: string;
  readonly metrics: string;
  readonly checkpoints: string;
  readonly signal: AbortSignal;
  /** Writes the trained model. */
  save(trained: Start & {readonly layout: ReturnType<typeof headLayout>}): void;
  readonly log: (message: string) => void;
  onStep(step: number, total: number, loss: number): void;
}

const labelled = (path: string, task: Task): Example[] => {
  const examples = readExamples(path, task).filter(({label}) => label !== null);
  if (examples.length === 0) throw new Error(`${path} holds no labelled example to learn from.`);
  return examples;
};

/** Reads, trains, predicts and saves: what the stages that fine-tune an encoder have in common. */
export const runMultiTask = async (job: MultiTaskJob): Promise<void> => {
  const {tasks, seed, log} = job;
  const layout = headLayout(tasks.map(({task}) => task));
  const random = createRandom(seed);
  const start = startFrom(job.model, layout, job.heads, random);
  const {tokenizer} = start;
  const config = {...start.config, ...(job.dropout !== undefined && {dropout: job.dropout, attentionDropout: job.dropout})}; // prettier-ignore
  const maxPieces = Math.min(job.maxPieces, config.positions);
  const sources = tasks.map(({task, train, teacher, bothOrders}, at) => ({
    ...{examples: labelled(train, task), bothOrders},
    teacher: teacher === null ? null : readTeacherTargets(teacher, layout.heads[at]!),
  }));
  const {examples, sizes} = encodeTasks(layout, sources, tokenizer, maxPieces);
  const mixture = mixtureOf(sizes, job.balance);
  for (const [at, {task}] of tasks.entries()) {
    const {copies, weight} = mixture.taskWeights[at]!;
    log(`${task.name}: ${sizes[at]} training examples × ${copies}, loss weight ${weight.toFixed(4)}`);
  }
  const engine = await openEngine({threads: job.threads});
  const curve = createLossCurve();
  const parameters = await trainMultiTask({
    ...job,
    ...{engine, config, layout, examples, mixture, curve, parameters: start.parameters, random: random.fork('order')},
  });
  const trained = {...start, parameters, layout};
  job.save(trained);

  fs.mkdirSync(job.predictions, {recursive: true});
  const predictor = await openMultiTaskPredictor({...trained, maxPieces, sigmoid: job.sigmoid}, engine);
  for (const {task, trainedAs, ...files} of [
    ...tasks.map(own => ({...own, trainedAs: own.task.name})),
    ...job.alsoPredict,
  ]) {
    const head = layout.heads.find(own => own.task.name === trainedAs)!;
    for (const split of job.splits) {
      job.signal.throwIfAborted();
      const file = files[split];
      const rows = file === null ? [] : readExamples(file, task);
      if (rows.length === 0) continue;
      await writePredictions(join(job.predictions, `${task.name}.${split}.arrow`), task, {
        ...{task: task.name, split, arm: job.arm, axis: job.axis, seed},
        ...predictionsOf(task, rows, await predictor.predict(head, rows)),
      });
    }
  }
  await predictor.close();
  const [only] = tasks;
  const name = tasks.length === 1 ? only!.task.name : 'all';
  writeTaskCurve(job.metrics, {task: name, arm: job.arm, axis: job.axis, seed, steps: curve.points()});
};
