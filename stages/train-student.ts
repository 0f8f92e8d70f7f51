import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
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
    /**
     * What embeddings start from: random numbers, or the principal components of what the teacher says of each token: over
     * the sentences that hold it (`teacher`), or of the token alone (`tokens`, from the input `tokens`).
     */
    embeddings: z.enum(['random', 'teacher', 'tokens']).default('random'),
    /** Standard deviation of the initial embeddings; random ones have .1. */
    embeddingScale: z.number().positive().default(0.1),
    epochs: z.int().positive(),
    /** So many steps instead, whatever the number of sentences: what is compared then is what there is to learn, not how long. */
    steps: z.int().positive().optional(),
    batch: z.int().positive().default(128),
    learningRate: z.number().positive().default(0.002),
    warmupSteps: z.int().nonnegative().default(100),
    clipNorm: z.number().positive().default(1),
    /** Of Adam: how long it remembers squares of gradients. */
    beta2: z.number().gt(0).lt(1).default(0.999),
    /** Sentences of these sources come so many times in an epoch, others once. */
    repeat: z.record(z.string(), z.int().positive()).default({}),
    /** So many of the embedded sentences, the last ones of the first corpus, are not learnt from but measured on. */
    heldOut: z.int().min(2).default(1000),
    /** Only so many of the others are learnt from, the first ones. */
    limit: z.int().positive().optional(),
    /**
     * Sentences that are near each other in the teacher's space share batches, so many groups of them: for losses that
     * compare within the batch.
     */
    nearGroups: z.int().min(2).max(4096).optional(),
    /** Steps from one checkpoint to the next. */
    checkpointSteps: z.int().positive().default(250),
    seed: z.int(),
  }),
  inputs: {
    /** One corpus, or several: as many files as `vectors`, in the same order. */
    sentences: 'many',
    idf: 'one',
    vectors: 'many',
    /** What the teacher says of single tokens, by the stage embed-tokens. */
    tokens: 'any',
    /** What the teacher says of single tokens of some sentences, by embed-pieces; with a method that weighs `pieces`. */
    pieces: 'any',
    /** The teacher's tokenizer.json, which `unit: teacher-piece` reads with. */
    tokenizer: 'any',
  },
  outputs: {student: 'student', metrics: 'metrics.json'},
  engine: true,
  uses: ({method, student}) => [`src/methods/${method}.ts`, `src/models/students/${student.model}.ts`],
  async run(ctx) {
    const {params} = ctx;
    const [{openTaughtCorpus}, {openHeldOut}, {epochMembers}, {openNewStudent}, {initialEmbeddings}] =
      await Promise.all([
        import('../src/training/taught-corpus.ts'),
        import('../src/training/held-out.ts'),
        import('../src/training/epoch-members.ts'),
        import('../src/training/new-student.ts'),
        import('../src/training/initial-embeddings.ts'),
      ]);
    const [{openEngine}, {distil}, {writeStudent}, {createRandom}, {studentPieces}, {nearGroups}, fs] =
      await Promise.all([
        import('../src/engine/engine.ts'),
        import('../src/training/distil.ts'),
        import('../src/models/student-folder.ts'),
        import('../src/math/random.ts'),
        import('../src/training/student-pieces.ts'),
        import('../src/training/near-groups.ts'),
        import('node:fs'),
      ]);
    const {default: method} = (await import(`../src/methods/${params.method}.ts`)) as {default: AnyMethod};
    const settings = method.params.safeParse(params.settings);
    if (!settings.success)
      throw new StageError(`settings of method "${params.method}": ${z.prettifyError(settings.error)}`);

    const tokenizerFile = ctx.in.tokenizer[0]?.path ?? null;
    const reader = await asUserError(() => openNewStudent({...params, idfFile: ctx.in.idf.path, tokenizerFile}));
    const {vocabulary, encodeText} = reader;
    if (ctx.in.sentences.length !== ctx.in.vectors.length)
      throw new StageError(
        `Each corpus needs its vectors: found ${ctx.in.sentences.length} files of sentences and ${ctx.in.vectors.length} of vectors.`,
      );
    const corpus = asUserError(() =>
      openTaughtCorpus({
        corpora: ctx.in.sentences.map(({path}, at) => ({sentences: path, vectors: ctx.in.vectors[at]!.path})),
        encodeText,
        scratch: ctx.scratch,
        onRead: (done, total) => {
          ctx.signal.throwIfAborted();
          ctx.progress({done, total, unit: 'sentence'});
        },
      }),
    );
    try {
      const {teacher} = corpus;
      const learnt = Math.min(corpus.length - params.heldOut, params.limit ?? Number.POSITIVE_INFINITY);
      if (learnt < params.batch)
        throw new StageError(
          `Of ${corpus.length} sentences ${params.heldOut} are held out (heldOut): fewer than one batch of ${params.batch} is left to learn from.`,
        );
      const members = asUserError(() => epochMembers(learnt, corpus.sourceOf, params.repeat));
      const random = createRandom(params.seed);
      const engine = await openEngine({threads: ctx.threads});
      const student = await asUserError(() => reader.open(teacher.dim));
      const untrained = asUserError(() => student.init(random.fork('initial parameters')));
      const parameterCount = Object.values(untrained).reduce((sum, {data}) => sum + data.length, 0);
      ctx.log(`${engine.version}, ${learnt} sentences, ${vocabulary.size} tokens, ${parameterCount} parameters`);

      const terms = method.terms(settings.data);
      const pieces = asUserError(() =>
        studentPieces({
          ...{student, terms, learnt, dim: teacher.dim, lengthOf: corpus.lengthOf, kind: params.student.model},
          ...{corpora: ctx.in.sentences.length, files: ctx.in.pieces.map(({path}) => path)},
        }),
      );
      if (pieces) ctx.log(`${pieces.rows} vectors of tokens, of ${pieces.sentences} sentences`);
      const heldOut = openHeldOut(corpus, params.heldOut, {engine, student});
      const {initial, bagOfWords} = await asUserError(() =>
        initialEmbeddings({
          ...params,
          ...{corpus, learnt, heldOut, vocabulary, untrained, engine},
          tokensFile: ctx.in.tokens[0]?.path ?? null,
          random: random.fork('embeddings'),
        }),
      );
      const groups = nearGroups(teacher, learnt, params.nearGroups, () => random.fork('near groups'));
      const {parameters, match, curve} = await asUserError(() =>
        distil({
          ...params,
          ...{engine, student, members, teacher, heldOutMatch: heldOut.matchOf, lengthOf: corpus.lengthOf},
          parameters: initial,
          ...{terms, pieces, groups},
          sentences: corpus,
          random: random.fork('order'),
          checkpoints: ctx.scratch,
          signal: ctx.signal,
          onStep: ({step, loss}, total) => ctx.progress({done: step, total, unit: 'step', loss}),
        }),
      );
      pieces?.close();
      ctx.log(`held out: cosine ${match.heldOutCosine?.toFixed(4)}, similarity ${match.similaritySpearman.toFixed(4)}`);

      const metrics = {
        arm: params.method,
        seed: params.seed,
        steps: curve,
        final: match,
        untrained: await heldOut.matchOf(untrained),
        bagOfWords,
        parameters: parameterCount,
        sentences: learnt,
        epochs: params.epochs,
        ...(params.steps !== undefined && {trainedSteps: params.steps}),
        ...(pieces && {pieces: {sentences: pieces.sentences, vectors: pieces.rows}}),
      };
      fs.writeFileSync(ctx.out.metrics, `${JSON.stringify(metrics, null, 1)}\n`);
      writeStudent(ctx.out.student, {
        config: {...params.student, language: params.language, width: teacher.dim},
        vocabulary,
        idfFile: ctx.in.idf.path,
        tokenizerFile: params.student.unit === 'teacher-piece' ? tokenizerFile : null,
        parameters,
      });
    } finally {
      corpus.close();
    }
  },
});
