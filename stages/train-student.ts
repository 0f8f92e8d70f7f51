import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import type {Parameters} from '../src/engine/types.ts';
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
    /** What embeddings start from: random numbers, or the principal components of what the teacher says of each token. */
    embeddings: z.enum(['random', 'teacher']).default('random'),
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
    const [{readTaughtSentences}, {openEngine}, {initBilstm}, tokens, {readWordIdf}, {writeStudent}, {createRandom}] =
      await Promise.all([
        import('../src/training/taught-sentences.ts'),
        import('../src/engine/engine.ts'),
        import('../src/models/bilstm.ts'),
        import('../src/models/student-tokens.ts'),
        import('../src/models/read-word-idf.ts'),
        import('../src/models/student-folder.ts'),
        import('../src/math/random.ts'),
      ]);
    const [{distil}, similarity, bagOfWords, {teacherEmbeddings}, {openStudentEncoder}, fs] = await Promise.all([
      import('../src/training/distil.ts'),
      import('../src/training/similarity.ts'),
      import('../src/training/bag-of-words.ts'),
      import('../src/training/teacher-embeddings.ts'),
      import('../src/models/student-encoder.ts'),
      import('node:fs'),
    ]);
    const {default: method} = (await import(`../src/methods/${params.method}.ts`)) as {default: AnyMethod};
    const settings = method.params.safeParse(params.settings);
    if (!settings.success)
      throw new StageError(`settings of method "${params.method}": ${z.prettifyError(settings.error)}`);

    const {texts, teacher} = asUserError(() => readTaughtSentences(ctx.in.sentences.path, ctx.in.vectors.path));
    const learnt = teacher.rows - params.heldOut;
    if (learnt < params.batch)
      throw new StageError(
        `Of ${teacher.rows} sentences ${params.heldOut} are held out (heldOut): fewer than one batch of ${params.batch} is left to learn from.`,
      );

    const idf = readWordIdf(ctx.in.idf.path);
    const shape = {...params.student, language: params.language};
    const vocabulary = await tokens.studentVocabulary(idf, shape);
    const encodeText = await tokens.openTextEncoder(shape, vocabulary, idf);
    const encoded = texts.map(encodeText);
    const [training, heldOut] = [encoded.slice(0, learnt), encoded.slice(learnt)];
    const heldOutTeacher = {dim: teacher.dim, row: (i: number) => teacher.row(learnt + i)};

    const random = createRandom(params.seed);
    const engine = await openEngine({threads: ctx.threads});
    const {embedding, hidden, pooling} = params.student;
    const untrained = initBilstm(
      {vocabulary: vocabulary.size, embedding, hidden, width: teacher.dim},
      random.fork('initial parameters'),
    );
    const parameterCount = Object.values(untrained).reduce((sum, {data}) => sum + data.length, 0);
    ctx.log(`${engine.version}, ${learnt} sentences, ${vocabulary.size} tokens, ${parameterCount} parameters`);

    // The pairs are the same for every seed of the student: they measure it, they are not part of it.
    const pairs = similarity.similarityPairs(heldOutTeacher, params.heldOut, createRandom('similarity pairs'));
    const match = (vectors: Float32Array) =>
      similarity.teacherMatch(similarity.rowsOf(vectors, teacher.dim), heldOutTeacher, params.heldOut, pairs);
    const heldOutMatch = async (parameters: Parameters) => {
      const encoder = openStudentEncoder({engine, parameters, pooling, width: teacher.dim, rows: 64});
      const vectors = await encoder.encode(heldOut);
      await encoder.close();
      return match(vectors);
    };

    const start = async (): Promise<{initial: typeof untrained; bagOfWords: ReturnType<typeof match>}> => {
      const ofTokens = bagOfWords.tokenVectors(training, teacher, vocabulary.size);
      const baseline = match(bagOfWords.bagOfWordsVectors(ofTokens, heldOut));
      if (params.embeddings === 'random') return {initial: untrained, bagOfWords: baseline};
      const data = await teacherEmbeddings(ofTokens, {width: embedding, random: random.fork('embeddings'), engine});
      return {
        initial: {...untrained, embedding: {shape: [vocabulary.size, embedding], data}},
        bagOfWords: baseline,
      };
    };
    const {initial, bagOfWords: baseline} = await start();
    const distilled = asUserError(() =>
      distil({
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
        heldOutMatch,
      }),
    );
    const {parameters, match: final, curve} = await distilled;
    ctx.log(`held out: cosine ${final.heldOutCosine?.toFixed(4)}, similarity ${final.similaritySpearman.toFixed(4)}`);

    const metrics = {
      arm: params.method,
      seed: params.seed,
      steps: curve,
      final,
      untrained: await heldOutMatch(untrained),
      bagOfWords: baseline,
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
