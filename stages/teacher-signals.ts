import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {defineStage} from '../src/contract/stage.ts';
import {loadTask, taskModule, taskName} from '../src/tasks/load.ts';

export default defineStage({
  description: "A fine-tuned teacher's logits and states of each example of a task, computed once for all students.",
  params: z.strictObject({
    /** A file of src/tasks/. */
    task: z.string().regex(taskName),
    /** The state of an example: of its first token, or the mean over tokens. */
    state: z.enum(['cls', 'mean']).default('cls'),
    /** Which layers' states are kept, 0 being the embeddings. */
    layers: z.union([z.literal('all'), z.array(z.int().nonnegative())]).default('all'),
    /** Pieces of an example beyond these are not read; as in distil-task. */
    maxTokens: z.int().positive().default(128),
  }),
  /** `examples`: train.tsv of the task; `teacher`: the folder that finetune-teacher wrote. */
  inputs: {examples: 'one', teacher: 'one'},
  outputs: {signals: 'signals.arrow'},
  engine: true,
  uses: ({task}) => [taskModule(task)],
  async run(ctx) {
    const {params} = ctx;
    const [{openEngine}, {readExamples}, {openTaskTeacher}, {writeSignals}] = await Promise.all([
      import('../src/engine/engine.ts'),
      import('../src/tasks/read.ts'),
      import('../src/training/task-distillation/teacher.ts'),
      import('../src/training/task-distillation/signals.ts'),
    ]);
    const task = await loadTask(params.task);
    const examples = asUserError(() => readExamples(ctx.in.examples.path, task));
    const teacher = asUserError(() => openTaskTeacher(ctx.in.teacher.path, task));
    const all = Array.from({length: teacher.config.layers + 1}, (_, layer) => layer);
    const layers = params.layers === 'all' ? all : all.filter(layer => params.layers.includes(layer as never));
    await writeSignals({
      ...{file: ctx.out.signals, engine: await openEngine({threads: ctx.threads}), teacher, task, examples, layers},
      ...{stateOf: params.state, maxTokens: params.maxTokens, signal: ctx.signal},
      onBatch: done => ctx.progress({done, total: examples.length, unit: 'example'}),
    });
    ctx.log(`${examples.length} examples, the states of ${layers.length} layers`);
  },
});
