import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {taskModule, taskName} from '../src/tasks/load.ts';

export default defineStage({
  description: 'Predictions for pairs of texts by the cosine of their vectors: nothing is learnt from labels.',
  params: z.strictObject({
    task: z.string().regex(taskName),
    /** The name under which results appear; by default the stage's. */
    arm: z.string().optional(),
    seed: z.int().default(1),
  }),
  /** Columns text and vector of all the task's texts: of a teacher or a student. */
  inputs: {dev: 'one', test: 'one', vectors: 'one'},
  outputs: {dev: 'dev.arrow', test: 'test.arrow'},
  uses: ({task}) => [taskModule(task)],
  async run(ctx) {
    const [{loadTask}, {readExamples}, {inTaskRange}, {predictionsOf, writePredictions}, {cosine}, {openTextVectors}] =
      await Promise.all([
        import('../src/tasks/load.ts'),
        import('../src/tasks/read.ts'),
        import('../src/training/targets.ts'),
        import('../src/evaluation/predictions.ts'),
        import('../src/math/vector-rows.ts'),
        import('../src/io/text-vectors.ts'),
      ]);
    const task = await asUserError(() => loadTask(ctx.params.task));
    if (task.kind !== 'regression' || task.shape !== 'pair')
      throw new StageError(`The task "${task.name}" has no scores of pairs; a cosine is no answer to it.`);
    const {vectorOf} = asUserError(() => openTextVectors([ctx.in.vectors.path]));
    const {task: _task, seed: _seed, arm: _arm, ...axis} = ctx.axis;
    for (const [split, input, file] of [
      ['dev', ctx.in.dev, ctx.out.dev],
      ['test', ctx.in.test, ctx.out.test],
    ] as const) {
      const examples = asUserError(() => readExamples(input.path, task));
      const cosines = asUserError(() =>
        Float32Array.from(examples, ({text1, text2}) => cosine(vectorOf(text1), vectorOf(text2 ?? ''))),
      );
      // The cosine is what a score in [0, 1] is to other arms: the order of pairs is all that counts.
      await writePredictions(file, task, {
        task: task.name,
        split,
        arm: ctx.params.arm ?? ctx.stage,
        axis,
        seed: ctx.params.seed,
        ...predictionsOf(task, examples, inTaskRange(task, cosines)),
      });
    }
  },
});
