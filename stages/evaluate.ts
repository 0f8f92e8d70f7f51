import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {taskModule, taskName} from '../src/tasks/load.ts';

export default defineStage({
  description: 'Scores predictions by the metrics of their tasks: one value for each metric, arm, axis and seed.',
  params: z.strictObject({
    /** All tasks that the predictions may be of. */
    tasks: z.array(z.string().regex(taskName)).nonempty(),
  }),
  /** Files, or folders of them. */
  inputs: {predictions: 'many'},
  outputs: {scores: 'scores.json'},
  uses: ({tasks}) => tasks.map(taskModule),
  async run(ctx) {
    const [{loadTask}, {scoreOf}, {predictionsOrigin, readPredictions}, {predictionFiles}, {writeFile}] =
      await Promise.all([
        import('../src/tasks/load.ts'),
        import('../src/evaluation/score.ts'),
        import('../src/evaluation/predictions.ts'),
        import('../src/evaluation/prediction-files.ts'),
        import('node:fs/promises'),
      ]);
    const tasks = new Map(await Promise.all(ctx.params.tasks.map(async name => [name, await loadTask(name)] as const)));
    const scores: object[] = [];
    const unlabelled = new Set<string>();
    const files = predictionFiles(ctx.in.predictions);
    for (const [at, {path, stage, axis: values}] of files.entries()) {
      const from = stage === undefined ? undefined : instanceName(stage, values);
      const origin = asUserError(() => predictionsOrigin(path));
      const task = tasks.get(origin.task);
      if (!task) {
        throw new StageError(
          `${path} holds predictions of the task "${origin.task}"; \`tasks\` names ${[...tasks.keys()].join(', ')}. ` +
            'Add it there, or select the inputs.',
        );
      }
      const {labels, predictions} = asUserError(() => readPredictions(path, task));
      const known = labels.flatMap((label, row) => (label === null ? [] : [row]));
      const {split, arm, axis, seed} = origin;
      if (known.length === 0) unlabelled.add(`${origin.task} ${split}`);
      for (const metric of known.length > 0 ? task.metrics : []) {
        const value = scoreOf(
          task,
          metric,
          known.map(row => labels[row]!),
          known.map(row => predictions[row]!),
        );
        if (!Number.isFinite(value)) {
          throw new StageError(
            `${path}: the ${metric} of arm "${arm}" on ${task.name}, seed ${seed}, is ${value}: its predictions are not all numbers. Did its training diverge?`,
          );
        }
        scores.push({task: task.name, split, metric, arm, axis, seed, value, from});
      }
      ctx.progress({done: at + 1, total: files.length, unit: 'file'});
    }
    for (const name of unlabelled) ctx.log(`${name}: no label is known, so there is no score`);
    // One score a line: a changed number is a changed line.
    const lines = scores.map(score => JSON.stringify(score)).join(',\n');
    await writeFile(ctx.out.scores, `{"scores":[\n${lines}\n]}\n`);
  },
});

/** `ltd@task=topic,seed=1`: who made the predictions, so that a diff can follow the DAG from a score to its causes. */
const instanceName = (stage: string, axis: Readonly<Record<string, string>>): string => {
  const values = Object.entries(axis).map(([name, value]) => `${name}=${value}`);
  return values.length > 0 ? `${stage}@${values.join(',')}` : stage;
};
