import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {defineStage} from '../src/contract/stage.ts';
import {loadTask, taskModule, taskName} from '../src/tasks/load.ts';

export default defineStage({
  description: 'A seeded choice of a task’s rows, in their order: a large task cut to what there is time for.',
  params: z.strictObject({
    task: z.string().regex(taskName),
    /** At most so many; all where there are fewer. */
    rows: z.union([z.int().positive(), z.literal('all')]),
    seed: z.int().default(1),
  }),
  inputs: {examples: 'one'},
  outputs: {rows: 'rows.tsv'},
  uses: ({task}) => [taskModule(task)],
  async run(ctx) {
    const [{readExamples, writeExamples}, {labelSubset}] = await Promise.all([
      import('../src/tasks/read.ts'),
      import('../src/tasks/label-subset.ts'),
    ]);
    const task = await loadTask(ctx.params.task);
    const all = asUserError(() => readExamples(ctx.in.examples.path, task));
    const chosen = labelSubset(all, ctx.params.rows, ctx.params.seed);
    ctx.log(`${chosen.length} of ${all.length} rows`);
    await writeExamples(ctx.out.rows, task, chosen);
  },
});
