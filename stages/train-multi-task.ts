import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {loadTask, taskModule, taskName} from '../src/tasks/load.ts';
import {filesByTask} from '../src/training/multi-task/files-by-task.ts';
import {keepsModel, trainingSettings} from '../src/training/multi-task/settings.ts';

const task = z.string().regex(taskName);

export default defineStage({
  description:
    'Trains one encoder with a head per task on one or many tasks at once, from labels or with teachers (BAM, Clark et al. 2019).',
  params: z.strictObject({
    /** One: Single. Several: Multi. */
    tasks: z.array(task).nonempty(),
    /** The name under which results appear; by default the stage's. */
    arm: z.string().min(1).optional(),
    /** The encoder to start from: of the hub, `owner/name@COMMIT`; or `folder`: that of the input `model`. */
    model: z.string().min(1).default('folder'),
    /** `kept` goes on with the heads of a multi-task model: its further fine-tuning on one task. */
    heads: z.enum(['new', 'kept']).default('new'),
    /** Weight λ of the label beside the teacher's answer (input `logits`): growing from 0 to 1, or fixed. */
    goldWeight: z.union([z.literal('annealed'), z.number().min(0).max(1)]).default('annealed'),
    /** How tasks of different size share the training, by |D|^exponent. */
    balance: z
      .strictObject({
        by: z.enum(['copies', 'weights', 'sampling', 'none']).default('copies'),
        exponent: z.number().min(0).max(1).default(0.75),
      })
      .prefault({}),
    /** Tasks whose pairs are learnt in both orders; those that are not trained on are passed over. */
    bothOrders: z.array(task).default([]),
    /** Tasks without training rows of their own that the head of one of `tasks` answers: mnli-mm and ax, by mnli's. */
    alsoPredict: z.array(task).default([]),
    /** Of a step's losses; it matters to clipping alone. */
    reduction: z.enum(['sum', 'mean']).default('sum'),
    ...trainingSettings,
  }),
  /** Files of tasks by the axis `task` of who wrote them, or in the order of `tasks`; `logits`: a teacher's, of every task or none. */
  inputs: {train: 'many', dev: 'any', test: 'any', model: 'optional', logits: 'any'},
  outputs: {predictions: 'predictions', model: 'model', metrics: 'metrics.json'},
  engine: true,
  uses: ({tasks, alsoPredict}) => [...tasks, ...alsoPredict].map(taskModule),
  async run(ctx) {
    const {params} = ctx;
    const [{runMultiTask}, {saveMultiTask}, {encoderPlace}, {mkdirSync, writeFileSync}] = await Promise.all([
      import('../src/training/multi-task/job.ts'),
      import('../src/training/multi-task/save.ts'),
      import('../src/models/encoder-place.ts'),
      import('node:fs'),
    ]);
    if (new Set(params.tasks).size < params.tasks.length)
      throw new StageError(`\`tasks\` names a task twice: ${params.tasks.join(', ')}. Name each once.`);
    const tasks = await Promise.all(params.tasks.map(name => asUserError(() => loadTask(name))));
    const answered = [...params.tasks, ...params.alsoPredict];
    const files = (input: 'train' | 'dev' | 'test' | 'logits', names: readonly string[]) =>
      ctx.in[input].length === 0 ? names.map(() => null) : asUserError(() => filesByTask(ctx.in[input], names, input));
    const [train, logits] = [files('train', params.tasks), files('logits', params.tasks)];
    const [dev, test] = [files('dev', answered), files('test', answered)];
    for (const [at, {name, shape}] of tasks.entries()) {
      if (train[at] === null) throw new StageError(`The input \`train\` has no file of the task "${name}".`);
      if (ctx.in.logits.length > 0 && logits[at] === null)
        throw new StageError(`The input \`logits\` has no file of the task "${name}"; a teacher is needed for every task or for none.`); // prettier-ignore
      if (params.bothOrders.includes(name) && shape !== 'pair')
        throw new StageError(`The task "${name}" has single texts; \`bothOrders\` is for pairs. Leave it out there.`);
    }
    const alsoPredict = await Promise.all(params.alsoPredict.map(name => asUserError(() => loadTask(name))));
    for (const {name, trainedAs} of alsoPredict)
      if (!params.tasks.includes(trainedAs ?? ''))
        throw new StageError(`\`alsoPredict\` names "${name}", which is answered by ${trainedAs ? `"${trainedAs}", and \`tasks\` does not name that` : 'no other task'}.`); // prettier-ignore
    const place = await asUserError(() =>
      encoderPlace({
        model: params.model,
        modelFolder: ctx.in.model?.path ?? null,
        signal: ctx.signal,
        progress: (done, total, unit) => ctx.progress({done, total, unit}),
      }),
    );
    const {task: _task, seed: _seed, ...axis} = ctx.axis;
    await asUserError(() =>
      runMultiTask({
        ...params,
        tasks: tasks.map((own, at) => ({
          ...{task: own, train: train[at]!, dev: dev[at] ?? null, test: test[at] ?? null, teacher: logits[at] ?? null},
          bothOrders: params.bothOrders.includes(own.name),
        })),
        alsoPredict: alsoPredict.map((own, at) => ({
          ...{
            task: own,
            trainedAs: own.trainedAs!,
            dev: dev[tasks.length + at] ?? null,
            test: test[tasks.length + at] ?? null,
          },
        })),
        model: place.folder,
        threads: ctx.threads,
        arm: params.arm ?? ctx.stage,
        axis,
        predictions: ctx.out.predictions,
        metrics: ctx.out.metrics,
        checkpoints: ctx.scratch,
        signal: ctx.signal,
        save: ({parameters, layout, folder}) => {
          if (keepsModel(params)) {
            saveMultiTask(ctx.out.model, parameters, {layout, sigmoid: params.sigmoid, from: folder});
            return;
          }
          mkdirSync(ctx.out.model);
          writeFileSync(`${ctx.out.model}/not-kept.json`, `{"keepModel": ${JSON.stringify(params.keepModel)}}\n`);
        },
        log: message => ctx.log(message),
        onStep: (step, total, loss) => ctx.progress({done: step, total, unit: 'step', loss}),
      }),
    );
  },
});
