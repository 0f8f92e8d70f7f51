import type {Engine} from '../../engine/types.ts';
import {createRandom} from '../../math/random.ts';
import type {AnyTaskMethod, TaskFacts, TaskPlan} from '../../methods/task-method.ts';
import {readEncoderFolder} from '../../models/encoder-folder.ts';
import type {Example, Split, Task} from '../../tasks/task.ts';
import {createLossCurve, writeTaskCurve} from '../loss-curve.ts';
import {predictionsOf, writePredictions} from '../../evaluation/predictions.ts';
import {inTaskRange, targetsOf} from '../targets.ts';
import {openTaskStudent} from './open-student.ts';
import {predictTask} from './predict.ts';
import {readSignals} from './signals.ts';
import type {TaskStudentParams} from './student-params.ts';
import {openTaskTeacher, openTeacherOutputs} from './teacher.ts';
import {distilTask} from './train.ts';
import type {TaskDistillation} from './train.ts';

type Training = Pick<TaskDistillation, 'epochs' | 'batch' | 'learningRate' | 'warmup' | 'weightDecay' | 'clipNorm' | 'seed' | 'checkpoints' | 'signal' | 'onStep' | 'engine'>; // prettier-ignore

export interface Distillation extends Training {
  readonly task: Task;
  readonly arm: string;
  readonly axis: Readonly<Record<string, string>>;
  readonly method: AnyTaskMethod;
  /** Checked by the method's schema. */
  readonly settings: unknown;
  readonly student: TaskStudentParams;
  readonly maxTokens: number;
  /** Labelled ones that are learnt from. */
  readonly examples: readonly Example[];
  /** What is predicted, and into which file. */
  readonly splits: readonly (readonly [Split, readonly Example[], string])[];
  /** Folders and files. */
  readonly teacher: string;
  readonly signals: string | null;
  readonly start: string | null;
  readonly outputs: {readonly student: string; readonly metrics: string};
  readonly engine: Engine;
  log(message: string): void;
}

/** Opens student and teacher, trains, predicts the splits, and writes the student and the terms' curves. */
export const runDistillation = async (options: Distillation): Promise<void> => {
  const {task, engine, examples, seed} = options;
  const random = createRandom(seed);
  const opened = (stateOf: 'cls' | 'mean') => openTaskStudent({...options, stateOf, random});
  const layers = readEncoderFolder(options.teacher).config;
  const facts = (student: TaskFacts['student']): TaskFacts => ({kind: task.kind, batch: options.batch, student, teacher: layers}); // prettier-ignore
  const plan = options.method.plan(options.settings, facts(opened('cls').facts));
  const signals = readNeeded(options, plan);
  const student = opened(signals?.stateOf ?? 'cls');
  const outputs = task.kind === 'classification' ? task.labels.length : 1;
  const isBeside = plan.needs.tokens.length + plan.needs.scores.length > 0;
  const beside = isBeside
    ? openTeacherOutputs(
        engine,
        openTaskTeacher(options.teacher, task),
        {...plan.needs, states: [], logits: false},
        'cls',
      )
    : null;
  const count = Object.values(student.initial).reduce((sum, {data}) => sum + data.length, 0);
  options.log(`${examples.length} examples, a student of ${count} parameters, the terms ${plan.terms.map(({name}) => name).join(', ')}`); // prettier-ignore
  const curve = createLossCurve();
  const parameters = await distilTask({
    ...options,
    ...{
      student,
      plan,
      kind: task.kind,
      examples: student.prepare(examples),
      targets: targetsOf(task, examples),
      outputs,
    },
    ...{signals, teacherOutputs: beside && (batch => beside.run(batch)), random: random.fork('order'), curve},
  });
  await beside?.close();
  const origin = {task: task.name, arm: options.arm, axis: options.axis, seed};
  for (const [split, rows, file] of options.splits) {
    const logits = inTaskRange(task, await predictTask(engine, student, parameters, rows, outputs));
    await writePredictions(file, task, {...origin, split, ...predictionsOf(task, rows, logits)});
  }
  writeTaskCurve(options.outputs.metrics, {...origin, steps: curve.points()});
  student.save(options.outputs.student, parameters);
};

const readNeeded = ({task, examples, signals}: Distillation, {needs}: TaskPlan) => {
  if (!needs.logits) return null;
  if (signals === null) throw new Error('The method learns from a teacher: give what it says of train.tsv, made by the stage teacher-signals, as `signals` in `in`.'); // prettier-ignore
  return readSignals(signals, task, examples, [...new Set(needs.states)]);
};
