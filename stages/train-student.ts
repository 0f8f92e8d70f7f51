import {z} from 'zod';
import {StageError, defineStage} from '../src/contract/stage.ts';
import type {AnyMethod} from '../src/methods/method.ts';
import {studentShape} from '../src/models/student-config.ts';

export default defineStage({
  description: 'Distils sentence vectors of a teacher into a small student (LTD-BERT: distance alone, no labels).',
  params: z.strictObject({
    /** A file of src/methods/, and its own settings. */
    method: z.string().regex(/^[a-z][a-z0-9-]*$/),
    settings: z.record(z.string(), z.unknown()).default({}),
    student: studentShape,
    language: z.enum(['en', 'zh']).default('en'),
    epochs: z.int().positive(),
    batch: z.int().positive().default(128),
    learningRate: z.number().positive().default(0.002),
    warmupSteps: z.int().nonnegative().default(100),
    clipNorm: z.number().positive().default(1),
    /** So many of the embedded sentences, the last ones, are not learnt from but measured on. */
    heldOut: z.int().min(2).default(1000),
    seed: z.int(),
  }),
  inputs: {sentences: 'one', idf: 'one', vectors: 'one'},
  outputs: {student: 'student', metrics: 'metrics.json'},
  engine: true,
  uses: ({method}) => [`src/methods/${method}.ts`],
  async run(ctx) {
    const {params} = ctx;
    const [{readArrow}, {openEngine}, {initBilstm}, tokens, {readWordIdf}, {writeStudent}, {createRandom}] =
      await Promise.all([
        import('../src/io/arrow.ts'),
        import('../src/engine/engine.ts'),
        import('../src/models/bilstm.ts'),
        import('../src/models/student-tokens.ts'),
        import('../src/models/read-word-idf.ts'),
        import('../src/models/student-folder.ts'),
        import('../src/math/random.ts'),
      ]);
    const [{distil}, similarity, {bagOfWordsVectors}, {openStudentEncoder}, fs] = await Promise.all([
      import('../src/training/distil.ts'),
      import('../src/training/similarity.ts'),
      import('../src/training/bag-of-words.ts'),
      import('../src/models/student-encoder.ts'),
      import('node:fs'),
    ]);
    const {default: method} = (await import(`../src/methods/${params.method}.ts`)) as {default: AnyMethod};
    const settings = method.params.safeParse(params.settings);
    if (!settings.success)
      throw new StageError(`settings of method "${params.method}": ${z.prettifyError(settings.error)}`);

    const teacher = readArrow(ctx.in.vectors.path).vectors('vector');
    const texts = readArrow(ctx.in.sentences.path).strings('text');
    if (texts.length < teacher.rows)
      throw new StageError(
        `${ctx.in.vectors.path} holds ${teacher.rows} vectors, ${ctx.in.sentences.path} only ${texts.length} sentences; ` +
          'the vectors must have been made from these sentences.',
      );
    const learnt = teacher.rows - params.heldOut;
    if (learnt < params.batch)
      throw new StageError(
        `Of ${teacher.rows} sentences ${params.heldOut} are held out (heldOut): fewer than one batch of ${params.batch} is left to learn from.`,
      );

    const idf = readWordIdf(ctx.in.idf.path);
    const shape = {...params.student, language: params.language};
    const vocabulary = await tokens.studentVocabulary(idf, shape);
    const encodeText = await tokens.openTextEncoder(shape, vocabulary, idf);
    const encoded = texts.slice(0, teacher.rows).map(encodeText);
    const [training, heldOut] = [encoded.slice(0, learnt), encoded.slice(learnt)];
    const heldOutTeacher = {dim: teacher.dim, row: (i: number) => teacher.row(learnt + i)};

    const random = createRandom(params.seed);
    const engine = await openEngine({threads: ctx.threads});
    const {embedding, hidden, pooling} = params.student;
    const initial = initBilstm(
      {vocabulary: vocabulary.size, embedding, hidden, width: teacher.dim},
      random.fork('initial parameters'),
    );
    const parameterCount = Object.values(initial).reduce((sum, {data}) => sum + data.length, 0);
    ctx.log(`${engine.version}, ${learnt} sentences, ${vocabulary.size} tokens, ${parameterCount} parameters`);

    // The pairs are the same for every seed of the student: they measure it, they are not part of it.
    const pairs = similarity.similarityPairs(heldOutTeacher, params.heldOut, createRandom('similarity pairs'));
    const match = (vectors: Float32Array) =>
      similarity.teacherMatch(similarity.rowsOf(vectors, teacher.dim), heldOutTeacher, params.heldOut, pairs);
    const heldOutMatch = async (parameters: typeof initial) => {
      const encoder = openStudentEncoder({engine, parameters, pooling, width: teacher.dim});
      const vectors = await encoder.encode(heldOut);
      await encoder.close();
      return match(vectors);
    };

    const {parameters, curve} = await distil({
      ...params,
      engine,
      parameters: initial,
      terms: method.terms(settings.data),
      pooling,
      sentences: training,
      teacher,
      random: random.fork('order'),
      checkpoints: ctx.scratch,
      signal: ctx.signal,
      onStep: ({step, loss}, total) => ctx.progress({done: step, total, unit: 'step', loss}),
      heldOutCosine: async now => (await heldOutMatch(now)).heldOutCosine,
    });
    const final = await heldOutMatch(parameters);
    ctx.log(`held out: cosine ${final.heldOutCosine?.toFixed(4)}, similarity ${final.similaritySpearman.toFixed(4)}`);

    const metrics = {
      arm: params.method,
      seed: params.seed,
      steps: curve,
      final,
      untrained: await heldOutMatch(initial),
      bagOfWords: match(bagOfWordsVectors({training, teacher, sentences: heldOut, vocabulary: vocabulary.size})),
      parameters: parameterCount,
      sentences: learnt,
      epochs: params.epochs,
    };
    fs.writeFileSync(ctx.out.metrics, `${JSON.stringify(metrics, null, 1)}\n`);
    writeStudent(ctx.out.student, {
      config: {model: 'bilstm', ...shape, width: teacher.dim},
      vocabulary,
      idfFile: ctx.in.idf.path,
      parameters,
    });
  },
});
