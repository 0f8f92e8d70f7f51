import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {taskModule, taskName} from '../src/tasks/load.ts';

export default defineStage({
  description:
    'Answers to test sets beside the report, a table a task: a row an example, a column an arm and seed. Labels that are kept back can be scored with it.',
  params: z.strictObject({
    /** All tasks that the predictions may be of. */
    tasks: z.array(z.string().regex(taskName)).nonempty(),
  }),
  /** Files, or folders of them; those of other splits are passed over, as are test sets without a row. */
  inputs: {predictions: 'any'},
  outputs: {tables: {file: 'test-predictions', place: 'reports'}},
  uses: ({tasks}) => tasks.map(taskModule),
  async run(ctx) {
    const [{loadTask}, {predictionsOrigin, readPredictions}, {predictionFiles}, fs, path] = await Promise.all([
      import('../src/tasks/load.ts'),
      import('../src/evaluation/predictions.ts'),
      import('../src/evaluation/prediction-files.ts'),
      import('node:fs'),
      import('node:path'),
    ]);
    fs.mkdirSync(ctx.out.tables);
    const files = predictionFiles(ctx.in.predictions).map(({path: file}) => ({file, ...asUserError(() => predictionsOrigin(file))})); // prettier-ignore
    const other = files.find(({task}) => !ctx.params.tasks.includes(task));
    if (other)
      throw new StageError(`${other.file} holds predictions of the task "${other.task}"; \`tasks\` names ${ctx.params.tasks.join(', ')}.`); // prettier-ignore
    for (const name of ctx.params.tasks) {
      const task = await loadTask(name);
      const runs = files
        .filter(run => run.task === name && run.split === 'test')
        .map(run => ({...run, ...asUserError(() => readPredictions(run.file, task))}))
        .filter(({ids}) => ids.length > 0)
        .sort((a, b) => (a.arm < b.arm ? -1 : a.arm > b.arm ? 1 : a.seed - b.seed));
      const [first] = runs;
      if (!first) continue;
      const strange = runs.find(({ids}) => ids.join('\n') !== first.ids.join('\n'));
      if (strange)
        throw new StageError(`${strange.file} and ${first.file} are of different examples: both must be of the same test file.`); // prettier-ignore
      const axes = (axis: Readonly<Record<string, string>>): string =>
        Object.entries(axis).map(([axisName, value]) => ` ${axisName}=${value}`).join(''); // prettier-ignore
      const head = ['index', ...runs.map(({arm, axis, seed}) => `${arm}${axes(axis)} seed=${seed}`)];
      const rows = first.ids.map((id, at) => [id, ...runs.map(run => shortened(run.predictions[at]!))]);
      fs.writeFileSync(
        path.join(ctx.out.tables, `${name}.tsv`),
        [head, ...rows].map(cells => `${cells.join('\t')}\n`).join(''),
      );
    }
  },
});

/** Six digits: finer than what a rank correlation could tell from rounding, and equal on machines that differ in the last bits. */
const shortened = (prediction: string | number): string =>
  typeof prediction === 'number' ? String(Number(prediction.toPrecision(6))) : prediction;
