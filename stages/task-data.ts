import {z} from 'zod';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {loadTask, taskModule, taskName} from '../src/tasks/load.ts';
import type {Example, Split, Task} from '../src/tasks/task.ts';

const splits = ['train', 'dev', 'test'] as const;

export default defineStage({
  description:
    "A task's rows as train.tsv, dev.tsv and test.tsv: made from WordNet or Brown, or read from GLUE's files.",
  params: z.strictObject({
    /** A file of src/tasks/. */
    task: z.string().regex(taskName),
    /** Rows to make, for tasks that are made. */
    trainRows: z.int().positive().default(6000),
    devRows: z.int().positive().default(1500),
    seed: z.int().default(1),
    /** false refuses tasks that are made from the Brown corpus, as `clean-corpus` then leaves it out. */
    brown: z.boolean().default(true),
    /** Splits whose file may be missing; they are then empty. */
    missing: z.array(z.enum(splits)).default([]),
  }),
  /** The folder that holds RTE, MRPC, … or the task's own; made tasks need none. */
  inputs: {folder: 'optional'},
  outputs: {train: 'train.tsv', dev: 'dev.tsv', test: 'test.tsv', summary: 'summary.json'},
  uses: ({task}) => [taskModule(task)],
  async run(ctx) {
    const {params} = ctx;
    const [{writeExamples}, {summarize}, files, {writeFile}] = await Promise.all([
      import('../src/tasks/read.ts'),
      import('../src/tasks/summary.ts'),
      import('../src/tasks/read-files.ts'),
      import('node:fs/promises'),
    ]);
    const task = await loadTask(params.task);
    if (!params.brown && task.source.kind === 'generated' && task.source.readsBrown) {
      throw new StageError(
        `The task "${task.name}" is made from the Brown corpus, which \`brown: false\` leaves out. ` +
          `Take ${task.name} out of \`tasks\`, or allow Brown: --set brown=true.`,
      );
    }

    const readFiles = (): Record<Split, Example[]> => {
      const folder = ctx.in.folder?.path;
      if (folder === undefined) {
        throw new StageError(
          `The task "${task.name}" is read from GLUE's own files, and no folder is given. ` +
            'Say where they are: --set data.glue=FOLDER, the folder that holds RTE, MRPC, …',
        );
      }
      const read = (split: Split): Example[] => {
        const declared = task.source.kind === 'files' ? task.source.splits[split] : undefined;
        if (!declared) return [];
        const path = files.findSplitFile(folder, task, split);
        if (path === null && params.missing.includes(split)) return [];
        if (path === null) {
          throw new StageError(
            `The task "${task.name}" needs the file ${sourceFolder(task)}/${declared.file}, which is not in ${folder}. ` +
              `Say where GLUE's files are: --set data.glue=FOLDER; or allow it: missing: [${split}].`,
          );
        }
        try {
          return files.readSplitFile(path, task, declared);
        } catch (error) {
          throw new StageError((error as Error).message, {cause: error});
        }
      };
      return {train: read('train'), dev: read('dev'), test: read('test')};
    };

    const generate = async (): Promise<Record<Split, Example[]>> => {
      if (task.source.kind !== 'generated') throw new Error('Internal error: the task is not a generated one.');
      const rows = {train: params.trainRows, dev: params.devRows};
      const made = await task.source.generate({seed: params.seed, rows});
      for (const split of ['train', 'dev'] as const) {
        const found = made[split].length;
        if (found < rows[split]) ctx.log(`${split}: ${rows[split]} rows were asked for, ${found} could be made`);
      }
      const examples = (split: 'train' | 'dev') =>
        made[split].map(([text1, text2, label], id): Example => ({id: String(id), text1, text2, label}));
      return {train: examples('train'), dev: examples('dev'), test: []};
    };

    const examples = task.source.kind === 'files' ? readFiles() : await generate();
    const summary = summarize(task, examples);
    if (task.source.kind === 'generated' && summary.overlap.texts > 0) {
      throw new Error(`Internal error: ${summary.overlap.texts} texts of "${task.name}" are in both train and dev.`);
    }
    for (const split of splits) {
      const {rows, officialRows} = summary.splits[split];
      const note = officialRows === undefined ? '' : `; officially ${officialRows}`;
      ctx.log(`${task.name} ${split}: ${rows} rows${note}`);
      await writeExamples(ctx.out[split], task, examples[split]);
    }
    await writeFile(ctx.out.summary, `${JSON.stringify(summary, null, 1)}\n`);
  },
});

const sourceFolder = (task: Task): string => (task.source.kind === 'files' ? task.source.folder : '');
