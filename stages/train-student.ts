import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {methodModule} from '../src/methods/load.ts';
import {studentModule} from '../src/models/open-student.ts';
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
     * What embeddings of a new student start from: random numbers, or the principal components of what the teacher says of
     * each token: over the sentences that hold it (`teacher`), or of the token alone (`tokens`, from the input `tokens`).
     */
    embeddings: z.enum(['random', 'teacher', 'tokens']).default('random'),
    /** Standard deviation of the initial embeddings; random ones have .1. */
    embeddingScale: z.number().positive().default(0.1),
    epochs: z.int().positive(),
    /** So many steps instead, whatever the number of sentences: what is compared then is what there is to learn, not how long. */
    steps: z.int().positive().optional(),
    batch: z.int().positive().default(64),
    learningRate: z.number().positive().default(0.008),
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
    tokens: 'optional',
    /** What the teacher says of single tokens of some sentences, by embed-pieces; with a method that weighs `pieces`. */
    pieces: 'optional',
    /** The teacher's tokenizer.json, which `unit: teacher-piece` reads with. */
    tokenizer: 'optional',
    /** A student of the same shape, by this stage: it goes on from there, with its own vocabulary and tokenizer. */
    start: 'optional',
  },
  outputs: {student: 'student', metrics: 'metrics.json'},
  engine: true,
  uses: ({method, student}) => [methodModule(method), studentModule(student)],
  async run(ctx) {
    const {params} = ctx;
    const [{loadVectorMethod}, {distilStudent}] = await Promise.all([
      import('../src/methods/load.ts'),
      import('../src/training/vectors/distil-student.ts'),
    ]);
    const method = await asUserError(() => loadVectorMethod(params.method));
    const settings = method.params.safeParse(params.settings);
    if (!settings.success)
      throw new StageError(`settings of method "${params.method}": ${z.prettifyError(settings.error)}`);
    const paths = (files: readonly {readonly path: string}[]): string[] => files.map(({path}) => path);
    await asUserError(() =>
      distilStudent({
        ...params,
        ...{terms: method.terms(settings.data), arm: params.method},
        ...{
          sentences: paths(ctx.in.sentences),
          vectors: paths(ctx.in.vectors),
          piecesFile: ctx.in.pieces?.path ?? null,
        },
        ...{idfFile: ctx.in.idf.path, tokensFile: ctx.in.tokens?.path ?? null},
        ...{tokenizerFile: ctx.in.tokenizer?.path ?? null, startFolder: ctx.in.start?.path ?? null, out: ctx.out},
        ...{scratch: ctx.scratch, threads: ctx.threads, signal: ctx.signal},
        log: message => ctx.log(message),
        progress: update => ctx.progress(update),
      }),
    );
  },
});
