import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {defineStage} from '../src/contract/stage.ts';
import {studentModule} from '../src/models/open-student.ts';

// Texts whose vectors are made and written together.
const chunk = 4096;

export default defineStage({
  description: 'A student’s sentence vectors of the texts of tasks: each different text once.',
  params: z.strictObject({
    /** Of the student: what `train-student` was given. */
    model: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/)
      .default('bilstm'),
  }),
  /** `idf`: words are weighed by this table (of the task's own texts, say) instead of the one that the student has. */
  inputs: {student: 'one', tasks: 'many', idf: 'optional'},
  outputs: {vectors: 'vectors.arrow'},
  engine: true,
  uses: ({model}) => [studentModule({model})],
  async run(ctx) {
    const [{openEngine}, {readTaskTexts}, {openArrowWriter}, {openNetwork}, {openStudentEncoder}] = await Promise.all([
      import('../src/engine/engine.ts'),
      import('../src/io/task-texts.ts'),
      import('../src/io/arrow.ts'),
      import('../src/training/labels/network.ts'),
      import('../src/models/student-encoder.ts'),
    ]);
    const texts = asUserError(() => readTaskTexts(ctx.in.tasks.map(file => file.path)));
    const network = await asUserError(() =>
      openNetwork({folder: ctx.in.student.path, model: ctx.params.model, idfFile: ctx.in.idf?.path}),
    );
    const encoder = openStudentEncoder({...network, engine: await openEngine({threads: ctx.threads})});
    const writer = openArrowWriter(
      ctx.out.vectors,
      {id: 'uint32', text: 'utf8', vector: {float32: network.width}},
      {metadata: {student: ctx.params.model}},
    );
    for (let start = 0; start < texts.length; start += chunk) {
      ctx.signal.throwIfAborted();
      const text = texts.slice(start, start + chunk);
      const vector = await encoder.encode(text.map(network.encodeText));
      await writer.append({id: Uint32Array.from(text, (_, row) => start + row), text, vector});
      ctx.progress({done: start + text.length, total: texts.length, unit: 'text'});
    }
    await writer.close();
    await encoder.close();
  },
});
