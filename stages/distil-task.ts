import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {methodModule} from '../src/methods/load.ts';
import {taskModule, taskName} from '../src/tasks/load.ts';
import {taskStudentParams} from '../src/training/task-distillation/student-params.ts';

export default defineStage({
  description: 'A student of any shape learns a task from a fine-tuned teacher by one of the methods.',
  params: z.strictObject({
    task: z.string().regex(taskName),
    /** The name under which results appear; by default the method's. */
    arm: z.string().optional(),
    /** A file of src/methods/ that learns tasks, and its own settings. */
    method: z.string().regex(/^[a-z][a-z0-9-]*$/),
    settings: z.record(z.string(), z.unknown()).default({}),
    student: taskStudentParams,
    /** How many labelled examples are used: a seeded choice from train. */
    labels: z.union([z.int().positive(), z.literal('all')]).default('all'),
    epochs: z.int().positive().default(3),
    batch: z.int().positive().default(16),
    learningRate: z.number().positive().default(5e-5),
    /** Share of the steps in which the rate grows; then it falls to 0. */
    warmup: z.number().min(0).max(1).default(0.1),
    weightDecay: z.number().nonnegative().default(0.01),
    clipNorm: z.number().positive().default(1),
    /** Pieces of an example beyond these are not read. */
    maxTokens: z.int().positive().default(128),
    /** What is predicted; the file of a split that is not has no rows. */
    splits: z
      .array(z.enum(['dev', 'test']))
      .nonempty()
      .default(['dev', 'test']),
    seed: z.int(),
  }),
  /** `teacher`: its folder; `signals`: of teacher-signals, for methods with a teacher; `start`: with student.start: folder. */
  inputs: {train: 'one', dev: 'one', test: 'one', teacher: 'one', signals: 'optional', start: 'optional'},
  outputs: {dev: 'dev.arrow', test: 'test.arrow', student: 'student', metrics: 'metrics.json'},
  engine: true,
  uses: ({task, method}) => [taskModule(task), methodModule(method)],
  async run(ctx) {
    const {params} = ctx;
    const [{openEngine}, {loadTask}, {readExamples}, {labelSubset}, {loadTaskMethod}, {runDistillation}] =
      await Promise.all([
        import('../src/engine/engine.ts'),
        import('../src/tasks/load.ts'),
        import('../src/tasks/read.ts'),
        import('../src/tasks/label-subset.ts'),
        import('../src/methods/load.ts'),
        import('../src/training/task-distillation/run.ts'),
      ]);
    const task = await asUserError(() => loadTask(params.task));
    const method = await asUserError(() => loadTaskMethod(params.method));
    const settings = method.params.safeParse(params.settings);
    if (!settings.success)
      throw new StageError(`settings of method "${params.method}": ${z.prettifyError(settings.error)}`);
    const [train, dev, test] = [ctx.in.train, ctx.in.dev, ctx.in.test].map(file =>
      asUserError(() => readExamples(file.path, task)),
    );
    const known = train!.filter(example => example.label !== null);
    const examples = labelSubset(known, params.labels, params.seed);
    if (examples.length === 0) throw new StageError(`${ctx.in.train.path} holds no labelled example to learn from.`);
    const {task: _task, seed: _seed, ...axis} = ctx.axis;
    const own = {...axis, ...(params.labels !== 'all' && {labels: String(params.labels)})};
    await asUserError(async () =>
      runDistillation({
        ...params,
        ...{task, method, settings: settings.data, arm: params.arm ?? params.method, axis: own},
        ...{
          examples,
          splits: [
            ['dev', params.splits.includes('dev') ? dev! : [], ctx.out.dev],
            ['test', params.splits.includes('test') ? test! : [], ctx.out.test],
          ],
        },
        teacher: ctx.in.teacher.path,
        signals: ctx.in.signals?.path ?? null,
        start: ctx.in.start?.path ?? null,
        engine: await openEngine({threads: ctx.threads}),
        outputs: {student: ctx.out.student, metrics: ctx.out.metrics},
        ...{checkpoints: ctx.scratch, signal: ctx.signal, log: (message: string) => ctx.log(message)},
        onStep: (step, total, loss) => ctx.progress({done: step, total, unit: 'step', loss}),
      }),
    );
  },
});
