import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {loadTask, taskModule, taskName} from '../src/tasks/load.ts';

export default defineStage({
  description: 'Times fine-tuned teacher and students on the same texts, one thread, and weighs them on disk.',
  params: z.strictObject({
    /** What all of them have learnt. */
    task: z.string().regex(taskName),
    /** Which arm's scores a stage's models make: `{lrc-bert: lrc-bert}`; one model of each stage is measured. */
    arms: z.record(z.string(), z.string()),
    /** How many texts of dev.tsv are read by each. */
    texts: z.int().min(16).default(256),
    /** Each time is the median of so many passes. */
    passes: z.int().positive().default(3),
  }),
  inputs: {examples: 'one', teacher: 'one', students: 'many'},
  outputs: {cost: 'cost.json'},
  engine: true,
  reproducible: false,
  uses: ({task}) => [taskModule(task)],
  async run(ctx) {
    const {params} = ctx;
    const [{openEngine}, {readExamples}, {openTimedModel}, {sentencesPerSecond}, {firstOfStages}, fs] =
      await Promise.all([
        import('../src/engine/engine.ts'),
        import('../src/tasks/read.ts'),
        import('../src/training/task-distillation/timed-models.ts'),
        import('../src/evaluation/sentences-per-second.ts'),
        import('../src/training/task-distillation/first-of-stage.ts'),
        import('node:fs'),
      ]);
    const task = await loadTask(params.task);
    const all = asUserError(() => readExamples(ctx.in.examples.path, task)).map(({text1}) => text1);
    const texts = all.slice(0, params.texts);
    if (texts.length === 0) throw new StageError(`${ctx.in.examples.path} holds no text to time models on.`);
    const chosen = asUserError(() => firstOfStages(ctx.in.students, params.arms));
    const engine = await openEngine({threads: 1});
    const measure = async (folder: string) => {
      const model = await asUserError(() => openTimedModel(folder, task, engine));
      const {encode, close, ...facts} = model;
      // One by one, a few hundred are enough for a steady median.
      const batch1 = await sentencesPerSecond(encode, texts, 1, params.passes);
      const batch32 = await sentencesPerSecond(encode, texts, 32, params.passes);
      await close();
      ctx.log(`${facts.name}: ${Math.round(batch1)} texts a second one by one, ${Math.round(batch32)} by 32`);
      return {...facts, sentencesPerSecond: {batch1, batch32}};
    };
    const teacher = await measure(ctx.in.teacher.path);
    const models: (Awaited<ReturnType<typeof measure>> & {readonly arm: string})[] = [];
    for (const {arm, folder} of chosen) models.push({arm, ...(await measure(folder))});
    const {arm: _arm, ...student} = models[0]!;
    fs.writeFileSync(ctx.out.cost, `${JSON.stringify({threads: 1, teacher, student, models}, null, 1)}\n`);
  },
});
