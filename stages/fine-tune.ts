import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {studentModule} from '../src/models/open-student.ts';
import {studentShape} from '../src/models/student-config.ts';
import {taskModule} from '../src/tasks/load.ts';

export default defineStage({
  description: 'Trains a student and a head on a task’s labels, from a distilled student or from random weights.',
  params: z.strictObject({
    task: z.string().regex(/^[a-z][a-z0-9-]*$/),
    /** The name under which results appear; by default the stage's. */
    arm: z.string().optional(),
    /** How many labelled examples are used: a seeded choice from train. */
    labels: z.union([z.int().positive(), z.literal('all')]),
    /** The student is trained too, or kept as it is while the head learns. */
    mode: z.enum(['fine-tune', 'frozen']).default('fine-tune'),
    /** The network without a distilled student; must equal the shape that was distilled, to be comparable. */
    student: studentShape,
    language: z.enum(['en', 'zh']).default('en'),
    /** Width of the sentence vector of a network that starts from random weights: the teacher's. */
    width: z.int().positive().default(512),
    epochs: z.strictObject({sentence: z.int().positive(), pair: z.int().positive()}),
    batch: z.int().positive().default(32),
    learningRate: z.number().positive().default(0.001),
    clipNorm: z.number().positive().default(1),
    head: z
      .strictObject({hidden: z.int().positive().default(200), dropout: z.number().min(0).lt(1).default(0.3)})
      .prefault({}),
    seed: z.int(),
  }),
  // Seed s takes student s modulo their number, so that the distillation varies too.
  // `tokenizer`: what a network without a student reads `unit: teacher-piece` with.
  inputs: {train: 'one', dev: 'one', test: 'one', idf: 'one', students: 'any', tokenizer: 'optional'},
  outputs: {dev: 'dev.arrow', test: 'test.arrow', model: 'model.safetensors', metrics: 'metrics.json'},
  engine: true,
  uses: ({task, student}) => [taskModule(task), studentModule(student)],
  async run(ctx) {
    const {params} = ctx;
    const [{openEngine}, {loadTask}, {readExamples}, {labelSubset}, {createRandom}, {writeSafetensors}] =
      await Promise.all([
        import('../src/engine/engine.ts'),
        import('../src/tasks/load.ts'),
        import('../src/tasks/read.ts'),
        import('../src/tasks/label-subset.ts'),
        import('../src/math/random.ts'),
        import('../src/io/safetensors.ts'),
      ]);
    const [
      {initHead},
      {openNetwork, randomNetwork},
      {inTaskRange, targetsOf},
      {trainArm},
      {predictionsOf, writePredictions},
      losses,
    ] = await Promise.all([
      import('../src/models/head.ts'),
      import('../src/training/labels/network.ts'),
      import('../src/training/targets.ts'),
      import('../src/training/labels/train-arm.ts'),
      import('../src/evaluation/predictions.ts'),
      import('../src/training/loss-curve.ts'),
    ]);
    const task = await asUserError(() => loadTask(params.task));
    const [train, dev, test] = [ctx.in.train, ctx.in.dev, ctx.in.test].map(file =>
      asUserError(() => readExamples(file.path, task)),
    );
    const labelled = labelSubset(
      train!.filter(example => example.label !== null),
      params.labels,
      params.seed,
    );
    if (labelled.length === 0) throw new StageError(`${ctx.in.train.path} holds no labelled example to learn from.`);

    const random = createRandom(params.seed);
    const folder = ctx.in.students[(params.seed - 1) % Math.max(1, ctx.in.students.length)]?.path ?? null;
    if (folder === null && params.mode === 'frozen')
      throw new StageError('mode "frozen" keeps a distilled student as it is and needs one: give `students` in `in`.');
    const network = await asUserError(() =>
      folder !== null
        ? openNetwork({folder, model: params.student.model})
        : randomNetwork({
            ...params,
            idfFile: ctx.in.idf.path,
            tokenizerFile: ctx.in.tokenizer?.path ?? null,
            random: random.fork('initial parameters'),
          }),
    );
    const outputs = task.kind === 'classification' ? task.labels.length : 1;
    const head = initHead(
      {texts: task.shape === 'pair' ? 2 : 1, width: network.width, hidden: params.head.hidden, outputs},
      random.fork('head'),
    );
    const engine = await openEngine({threads: ctx.threads});
    const curve = losses.createLossCurve();
    const training = {
      ...params,
      engine,
      network,
      head,
      outputs,
      kind: task.kind,
      examples: labelled,
      targets: targetsOf(task, labelled),
      epochs: params.epochs[task.shape],
      headDropout: params.head.dropout,
      random: random.fork('order'),
      checkpoints: ctx.scratch,
      curve,
      signal: ctx.signal,
      onStep: (step: number, total: number, loss: number) => ctx.progress({done: step, total, unit: 'step', loss}),
    };
    const arm = await asUserError(() => trainArm(training));
    const {task: _task, labels: _labels, seed: _seed, ...axis} = ctx.axis;
    const origin = {
      task: params.task,
      arm: params.arm ?? ctx.stage,
      axis: {labels: String(params.labels), ...axis},
      seed: params.seed,
    };
    for (const [split, examples, file] of [
      ['dev', dev!, ctx.out.dev],
      ['test', test!, ctx.out.test],
    ] as const) {
      const logits = inTaskRange(task, await arm.predict(examples));
      await writePredictions(file, task, {
        ...origin,
        split,
        ...predictionsOf(task, examples, logits),
      });
    }
    losses.writeTaskCurve(ctx.out.metrics, {...origin, steps: curve.points()});
    writeSafetensors(ctx.out.model, arm.parameters, {format: 'pt'});
    await arm.close();
  },
});
