import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {kindModule} from '../src/models/export/load-kind.ts';
import {studentModule} from '../src/models/open-student.ts';

export default defineStage({
  description: 'A trained student as a folder that sentence-transformers, onnxruntime and Transformers.js load.',
  params: z.strictObject({
    /** The kind of the student, as in `student.model` of the stage that trained it. */
    model: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/)
      .default('bilstm'),
    /** Heading of the model card. */
    name: z.string().min(1).default('Distilled student'),
    /**
     * Files to write: onnx/model.onnx, model_fp16.onnx (halves on disk, float32 in use), model_quantized.onnx (int8), and
     * model_q4.onnx (int4: embeddings in 4 bits, the rest in 8).
     */
    precisions: z
      .array(z.enum(['float32', 'float16', 'int8', 'int4']))
      .nonempty()
      .default(['float32', 'float16', 'int8']),
    /** Sentences, the last ones, on which the files are compared with the trained network. */
    sentences: z.int().positive().default(256),
    /** The least mean cosine to the trained network's vectors that each file must have. */
    leastCosine: z
      .strictObject({float32: z.number(), float16: z.number(), int8: z.number(), int4: z.number()})
      .partial()
      .default({}),
  }),
  inputs: {student: 'one', sentences: 'one'},
  outputs: {model: 'model', parity: 'parity.json'},
  engine: true,
  uses: ({model}) => [kindModule(model), studentModule({model})],
  async run(ctx) {
    const {params} = ctx;
    const [{exportStudent}, {openEngine}, {readArrow}, {readStudent}, fs] = await Promise.all([
      import('../src/training/vectors/export-student.ts'),
      import('../src/engine/engine.ts'),
      import('../src/io/arrow.ts'),
      import('../src/models/student-folder.ts'),
      import('node:fs'),
    ]);
    const folder = ctx.in.student.path;
    asUserError(() => readStudent(folder, params.model));
    const texts = asUserError(() => readArrow(ctx.in.sentences.path).strings('text').slice(-params.sentences));
    if (texts.length === 0) throw new StageError(`${ctx.in.sentences.path} holds no sentences to compare on.`);
    const engine = await openEngine({threads: ctx.threads});
    const {name, precisions} = params;
    const facts = await asUserError(() =>
      exportStudent({folder, out: ctx.out.model, name, precisions, texts, engine, threads: ctx.threads}),
    );
    for (const {file, bytes, cosine} of facts.files) {
      ctx.log(`${file}: ${(bytes / 1e6).toFixed(2)} MB, cosine ${cosine.mean.toFixed(6)}, at least ${cosine.least.toFixed(6)}`); // prettier-ignore
    }
    ctx.log(`tokenizer.json: the ids of training for ${facts.equalIds} of ${facts.texts} texts`);
    const short = facts.files.filter(({precision, cosine}) => cosine.mean < (params.leastCosine[precision] ?? -1));
    if (short.length > 0) {
      throw new StageError(
        short
          .map(
            ({file, precision, cosine}) =>
              `${file}: mean cosine ${cosine.mean.toFixed(6)}, expected ${params.leastCosine[precision]} or more (leastCosine).`,
          ) // prettier-ignore
          .join('\n'),
      );
    }
    fs.writeFileSync(ctx.out.parity, `${JSON.stringify(facts, null, 1)}\n`);
  },
});
