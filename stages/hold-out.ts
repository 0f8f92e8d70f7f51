import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {loadTask, taskModule, taskName} from '../src/tasks/load.ts';

export default defineStage({
  description:
    'Puts a seeded choice of a task’s training rows aside, to choose settings on: the task’s own dev split stays unseen.',
  params: z.strictObject({
    task: z.string().regex(taskName),
    /** Of the rows, at least one. */
    share: z.number().gt(0).lt(1).default(0.2),
    /** At most so many are put aside. */
    most: z.int().positive().default(1000),
    seed: z.int().default(1),
  }),
  inputs: {examples: 'one'},
  /** Both in the order of the file, together its rows. */
  outputs: {train: 'train.tsv', dev: 'dev.tsv'},
  uses: ({task}) => [taskModule(task)],
  async run(ctx) {
    const [{readExamples, writeExamples}, {labelSubset}] = await Promise.all([
      import('../src/tasks/read.ts'),
      import('../src/tasks/label-subset.ts'),
    ]);
    const {params} = ctx;
    const task = await loadTask(params.task);
    const all = asUserError(() => readExamples(ctx.in.examples.path, task));
    if (all.length < 2)
      throw new StageError(`${ctx.in.examples.path} has ${all.length} rows; two are needed to put one aside.`);
    const aside = new Set(
      labelSubset(all, Math.min(params.most, Math.max(1, Math.floor(params.share * all.length))), params.seed),
    );
    ctx.log(`${aside.size} of ${all.length} rows put aside`);
    await writeExamples(
      ctx.out.train,
      task,
      all.filter(example => !aside.has(example)),
    );
    await writeExamples(ctx.out.dev, task, [...aside]);
  },
});
