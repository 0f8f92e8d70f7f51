import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';

export default defineStage({
  description:
    'What an encoder says of each token of the first sentences: its last states, for students that are fitted to them too.',
  params: z.strictObject({
    /** A BERT encoder of Hugging Face's hub, `owner/name@COMMIT`; or `folder`: that of the input `model`. */
    model: z.string().min(1),
    /** How the sentences' vectors are pooled: states are on their scale. */
    pooling: z.enum(['model', 'mean', 'cls', 'idf']).default('model'),
    smoothing: z.number().nonnegative().default(0.1),
    /** What the student's tokens are, and how many of a sentence it reads. */
    unit: z.enum(['teacher-piece', 'character']).default('teacher-piece'),
    language: z.enum(['en', 'zh']).default('en'),
    maxTokens: z.int().positive().default(64),
    /** The first so many sentences: a token's vector is as large as a sentence's. */
    sentences: z.int().positive().default(20_000),
    storage: z.enum(['float32', 'float16']).default('float16'),
    /** Put before each text (E5 wants "query: "); by default what the model's files say. */
    prefix: z.string().optional(),
    /** Pieces in one run of the model, padding included. */
    batchPieces: z.int().positive().default(1024),
  }),
  inputs: {sentences: 'one', idf: 'optional', model: 'optional'},
  outputs: {vectors: 'vectors.arrow'},
  async run(ctx) {
    const {params} = ctx;
    const {writePieceVectors} = await import('../src/models/piece-vectors.ts');
    const idf = (): string => {
      if (ctx.in.idf === null) throw new StageError('The pooling idf needs the input `idf`.');
      return ctx.in.idf.path;
    };
    await asUserError(() =>
      writePieceVectors({
        ...params,
        ...{sentences: ctx.in.sentences.path, limit: params.sentences, idf, out: ctx.out.vectors},
        modelFolder: ctx.in.model?.path ?? null,
        ...{threads: ctx.threads, signal: ctx.signal, log: line => ctx.log(line)},
        progress: (done, total, unit) => ctx.progress({done, total, unit}),
      }),
    );
  },
});
