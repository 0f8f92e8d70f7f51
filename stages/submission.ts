import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {loadTask, taskModule} from '../src/tasks/load.ts';
import {submissionFiles} from '../src/tasks/glue/submission.ts';

export default defineStage({
  description: "The zip that GLUE's server takes, from predictions of test sets.",
  params: z.strictObject({
    arm: z.string().min(1),
    /** Of the model, or of each task's; `best-dev`: that of the best average of dev scores (input `scores`). */
    seed: z.union([z.int(), z.literal('best-dev')]),
    /** Without all eleven files the server refuses a zip; true writes it all the same. */
    incomplete: z.boolean().default(false),
  }),
  /** `predictions`: files, or folders of them; `scores`: of the stage evaluate, for `best-dev`. */
  inputs: {predictions: 'many', scores: 'any'},
  outputs: {zip: 'submission.zip', summary: 'summary.json'},
  uses: () => Object.keys(submissionFiles).map(taskModule),
  async run(ctx) {
    const {arm, incomplete} = ctx.params;
    const [
      {predictionFiles},
      {predictionsOrigin, readPredictions},
      {bestSeed},
      {submissionText},
      {zipOfTexts},
      {writeFileSync},
    ] = await Promise.all([
      import('../src/evaluation/prediction-files.ts'),
      import('../src/evaluation/predictions.ts'),
      import('../src/evaluation/best-seed.ts'),
      import('../src/tasks/glue/submission.ts'),
      import('../src/io/zip.ts'),
      import('node:fs'),
    ]);
    const tasks = await Promise.all(Object.keys(submissionFiles).map(loadTask));
    const scores = ctx.in.scores.map(({path}) => path);
    const seed = ctx.params.seed === 'best-dev' ? asUserError(() => bestSeed(scores, arm, tasks)) : ctx.params.seed;
    const files = predictionFiles(ctx.in.predictions).map(({path}) => ({path, ...asUserError(() => predictionsOrigin(path))})); // prettier-ignore
    const texts: Record<string, string> = {};
    const rows: Record<string, number> = {};
    const absent: string[] = [];
    for (const task of tasks) {
      const own = files.filter(file => file.task === task.name && file.split === 'test' && file.arm === arm && file.seed === seed); // prettier-ignore
      if (own.length > 1) throw new StageError(`${own.length} files hold test predictions of ${task.name} by the arm "${arm}", seed ${seed}: ${own.map(({path}) => path).join(', ')}. Select one.`); // prettier-ignore
      if (own.length === 0) {
        absent.push(task.name);
        continue;
      }
      const {ids, predictions} = asUserError(() => readPredictions(own[0]!.path, task));
      const name = submissionFiles[task.name]!;
      texts[name] = submissionText(task, ids, predictions);
      rows[name] = ids.length;
      const official = task.source.kind === 'files' ? task.source.splits.test?.rows : undefined;
      if (official !== undefined && official !== ids.length)
        ctx.log(`${name}: ${ids.length} rows; officially ${official}, and the server counts`);
    }
    if (absent.length > 0) {
      const what = `There are no test predictions by the arm "${arm}", seed ${seed}, of ${absent.join(', ')}`;
      if (!incomplete || absent.length === tasks.length)
        throw new StageError(`${what}. GLUE's server takes a zip of all eleven files only: predict the test sets (splits: [dev, test]; mnli-mm and ax by \`alsoPredict\`), or write what there is with incomplete: true.`); // prettier-ignore
      ctx.log(`${what}: the server will refuse this zip`);
    }
    writeFileSync(ctx.out.zip, zipOfTexts(texts));
    writeFileSync(ctx.out.summary, `${JSON.stringify({arm, seed, rows, absent}, null, 1)}\n`);
  },
});
