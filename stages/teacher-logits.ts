import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {loadTask, taskModule, taskName} from '../src/tasks/load.ts';
import type {Task} from '../src/tasks/task.ts';

const task = z.string().regex(taskName);

export default defineStage({
  description: "A fine-tuned teacher's logits for each example of a task, by id: what a student's soft targets are.",
  params: z.strictObject({
    /** A file of src/tasks/. */
    task,
    /**
     * A BERT with a head for labels, or a multi-task model with one for this task: of the hub, `owner/name@COMMIT`; or
     * `folder`: that of the input `model`.
     */
    model: z.string().min(1),
    /** Of pairs whose order means nothing: also the column `swapped`, the logits with the second text first. Or for which tasks. */
    bothOrders: z.union([z.boolean(), z.array(task)]).default(false),
    /** Longer texts lose their end; by default the model's own limit. */
    maxPieces: z.int().positive().optional(),
    /** Pieces in one run of the model, padding included. */
    batchPieces: z.int().positive().default(1024),
  }),
  /** `examples`: train.tsv of the task (or another split); `model`: with `model: folder`. */
  inputs: {examples: 'one', model: 'optional'},
  outputs: {logits: 'logits.arrow'},
  uses: ({task: own}) => [taskModule(own)],
  async run(ctx) {
    const {model, maxPieces, batchPieces} = ctx.params;
    const [
      {openArrowWriter},
      {namingFullDisk},
      {discardVectorChunks},
      {encoderPlace},
      {openLabelTeacher},
      {readExamples},
      {logitChunks},
    ] = await Promise.all([
      import('../src/io/arrow.ts'),
      import('../src/io/full-disk.ts'),
      import('../src/io/vector-chunks.ts'),
      import('../src/models/encoder-place.ts'),
      import('../src/models/encoder-logits.ts'),
      import('../src/tasks/read.ts'),
      import('../src/training/multi-task/logit-chunks.ts'),
    ]);
    const task = await loadTask(ctx.params.task);
    const asked = ctx.params.bothOrders;
    const bothOrders = Array.isArray(asked) ? asked.includes(task.name) : asked;
    if (bothOrders && task.shape !== 'pair')
      throw new StageError(`The task "${task.name}" has single texts; \`bothOrders\` is for pairs. Leave it out.`);
    const examples = asUserError(() => readExamples(ctx.in.examples.path, task));
    const progress = (done: number, total: number, unit: string): void => ctx.progress({done, total, unit});
    const {folder, notes} = await asUserError(() =>
      encoderPlace({model, modelFolder: ctx.in.model?.path ?? null, signal: ctx.signal, progress}),
    );
    const teacher = await asUserError(() =>
      openLabelTeacher({
        ...{folder, task: task.name, threads: ctx.threads, budget: batchPieces},
        ...(maxPieces !== undefined && {maxPieces}),
      }),
    );
    const order = outputsOf(task, teacher.names, teacher.labels);
    const writer = openArrowWriter(
      ctx.out.logits,
      {id: 'utf8', logits: {float32: order.length}, ...(bothOrders && {swapped: {float32: order.length}})},
      {metadata: {...notes, task: task.name, ...(task.kind === 'classification' && {labels: task.labels.join(' ')})}},
    );
    const begin = performance.now();
    const chunks = logitChunks(examples, {
      ...{teacher, order, bothOrders, folder: ctx.scratch},
      onBatch: done => {
        ctx.signal.throwIfAborted();
        progress(done, examples.length, 'example');
      },
    });
    await asUserError(() =>
      namingFullDisk({file: ctx.out.logits, scratch: ctx.scratch}, async () => {
        for await (const {ids, logits, swapped} of chunks)
          await writer.append({id: ids, logits, ...(swapped && {swapped})});
        await writer.close();
      }),
    );
    discardVectorChunks(ctx.scratch);
    await teacher.close();
    const rate = Math.round((examples.length * 1000) / (performance.now() - begin));
    ctx.log(`${examples.length} examples, ${order.length} outputs, ${rate} examples a second`);
  },
});

/** For each output of the task, in its order, the teacher's output: by name, or by position where it has no names. */
const outputsOf = (task: Task, names: readonly string[] | null, labels: number): readonly number[] => {
  const expected = task.kind === 'classification' ? task.labels : [task.name];
  if (labels !== expected.length)
    throw new StageError(`The teacher's head has ${labels} outputs, the task "${task.name}" needs ${expected.length} (${expected.join(', ')}).`); // prettier-ignore
  if (names === null || task.kind === 'regression') return expected.map((_, at) => at);
  const own = names.map(name => task.labelNames?.[name] ?? name);
  const order = expected.map(label => own.indexOf(label));
  if (order.includes(-1))
    throw new StageError(`The teacher's config.json names its outputs ${names.join(', ')}; the task "${task.name}" has ${expected.join(', ')}. Use the task's names in id2label.`); // prettier-ignore
  return order;
};
