import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {loadTask, taskModule, taskName} from '../src/tasks/load.ts';
import type {Task} from '../src/tasks/task.ts';

// Examples in memory at a time, and rows of a record batch.
const chunk = 4096;

export default defineStage({
  description: "A fine-tuned teacher's logits for each example of a task, by id: what a student's soft targets are.",
  params: z.strictObject({
    /** A file of src/tasks/. */
    task: z.string().regex(taskName),
    /** A BERT with a head for labels: of the hub, `owner/name@COMMIT`; or `folder`: that of the input `model`. */
    model: z.string().min(1),
    /** Of pairs whose order means nothing: also the column `swapped`, the logits with the second text first. */
    bothOrders: z.boolean().default(false),
    /** Pieces in one run of the model, padding included. */
    batchPieces: z.int().positive().default(1024),
  }),
  /** `examples`: train.tsv of the task (or another split); `model`: with `model: folder`. */
  inputs: {examples: 'one', model: 'any'},
  outputs: {logits: 'logits.arrow'},
  uses: ({task}) => [taskModule(task)],
  async run(ctx) {
    const {model, bothOrders, batchPieces} = ctx.params;
    const [{openArrowWriter}, {encoderPlace}, {openLabelTeacher}, {readExamples}] = await Promise.all([
      import('../src/io/arrow.ts'),
      import('../src/models/encoder-place.ts'),
      import('../src/models/encoder-logits.ts'),
      import('../src/tasks/read.ts'),
    ]);
    const task = await loadTask(ctx.params.task);
    if (bothOrders && task.shape !== 'pair')
      throw new StageError(`The task "${task.name}" has single texts; \`bothOrders\` is for pairs. Leave it out.`);
    const examples = asUserError(() => readExamples(ctx.in.examples.path, task));
    const progress = (done: number, total: number, unit: string): void => ctx.progress({done, total, unit});
    const folders = ctx.in.model.map(file => file.path);
    const {folder, notes} = await asUserError(() => encoderPlace({model, folders, signal: ctx.signal, progress}));
    const teacher = await asUserError(() => openLabelTeacher({folder, threads: ctx.threads, budget: batchPieces}));
    const order = outputsOf(task, teacher.names, teacher.labels);
    const writer = openArrowWriter(
      ctx.out.logits,
      {id: 'utf8', logits: {float32: order.length}, ...(bothOrders && {swapped: {float32: order.length}})},
      {metadata: {...notes, task: task.name, ...(task.kind === 'classification' && {labels: task.labels.join(' ')})}},
    );
    const begin = performance.now();
    for (let start = 0; start < examples.length; start += chunk) {
      const part = examples.slice(start, start + chunk);
      const logitsOf = async (texts: (readonly [string, string | null])[]): Promise<Float32Array> => {
        const found = await teacher.logits(texts, done => {
          ctx.signal.throwIfAborted();
          progress(start + done, examples.length, 'example');
        });
        return Float32Array.from(
          {length: texts.length * order.length},
          (_, at) => found[Math.floor(at / order.length) * order.length + order[at % order.length]!]!,
        );
      };
      const logits = await logitsOf(part.map(({text1, text2}) => [text1, text2]));
      const swapped = bothOrders ? await logitsOf(part.map(({text1, text2}) => [text2 ?? '', text1])) : null;
      await writer.append({id: part.map(({id}) => id), logits, ...(swapped && {swapped})});
    }
    await writer.close();
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
