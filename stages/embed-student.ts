import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {defineStage} from '../src/contract/stage.ts';
import {kindModule} from '../src/models/export/load-kind.ts';
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
    /** As in training, or as it serves: weights of 32 or 16 bits, 8-bit integers, or those with embeddings of 4 bits. */
    precision: z.enum(['training', 'float32', 'float16', 'int8', 'int4']).default('training'),
  }),
  /** `idf`: words are weighed by this table (of the task's own texts, say) instead of the one that the student has. */
  inputs: {student: 'one', tasks: 'many', idf: 'optional'},
  outputs: {vectors: 'vectors.arrow'},
  engine: true,
  uses: ({model, precision}) => [studentModule({model}), ...(precision === 'training' ? [] : [kindModule(model)])],
  async run(ctx) {
    const [{readTaskTexts}, {openArrowWriter}, {openStudentVectors}] = await Promise.all([
      import('../src/io/task-texts.ts'),
      import('../src/io/arrow.ts'),
      import('../src/training/vectors/open-student-vectors.ts'),
    ]);
    const {model, precision} = ctx.params;
    const texts = asUserError(() => readTaskTexts(ctx.in.tasks.map(file => file.path)));
    const student = await asUserError(() =>
      openStudentVectors({
        ...{folder: ctx.in.student.path, model, idfFile: ctx.in.idf?.path, threads: ctx.threads},
        precision: precision === 'training' ? null : precision,
      }),
    );
    const writer = openArrowWriter(
      ctx.out.vectors,
      {id: 'uint32', text: 'utf8', vector: {float32: student.width}},
      {metadata: {student: model, ...(precision !== 'training' && {precision})}},
    );
    for (let start = 0; start < texts.length; start += chunk) {
      ctx.signal.throwIfAborted();
      const text = texts.slice(start, start + chunk);
      const vector = await student.embed(text);
      await writer.append({id: Uint32Array.from(text, (_, row) => start + row), text, vector});
      ctx.progress({done: start + text.length, total: texts.length, unit: 'text'});
    }
    await writer.close();
    await student.close();
  },
});
