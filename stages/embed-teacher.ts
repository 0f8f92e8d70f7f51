import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import type {VectorsOptions} from '../src/models/vectors-options.ts';

// By computed name: what encoders need is no part of USE-lite's key, nor the other way round.
const vectorsModule = (model: string): string => (model === 'use-lite' ? 'use-lite-vectors' : 'encoder-vectors');

interface VectorsModule {
  readonly writeTeacherVectors: (options: VectorsOptions) => Promise<void>;
}

export default defineStage({
  description: 'Sentence vectors of a teacher: of the texts of `tasks` where there are any, else of `sentences`.',
  params: z.strictObject({
    /** `use-lite`; a BERT encoder of Hugging Face's hub, `owner/name@COMMIT`; or `folder`: that of the input `model`. */
    model: z.string().min(1).default('use-lite'),
    /**
     * How the states of a text's pieces become one vector: their mean, a mean weighted by IDF, that of the first piece
     * (`cls`), or what the model's own files say (`model`; USE-lite's mean).
     */
    pooling: z.enum(['model', 'mean', 'cls', 'idf']).default('model'),
    /**
     * What has the IDF. `word`: LTD-BERT's, the IDF of a word in the input `idf`, shared evenly by its pieces. `piece`:
     * the model's own pieces, counted over all of the input `sentences`.
     */
    idfUnit: z.enum(['word', 'piece']).default('word'),
    /** Added to each piece's IDF before a text's weights are divided by their sum. */
    smoothing: z.number().nonnegative().default(0.1),
    /** Only the first so many sentences of the corpus. */
    limit: z.int().positive().optional(),
    /** Pieces in one run of the model, padding included. */
    batchPieces: z.int().positive().default(1024),
    /** Of encoders: products in 8-bit integers are faster, and vectors a little off (cosine .99). */
    precision: z.enum(['float32', 'int8']).default('float32'),
    /** Of encoders: float16 halves the file. */
    storage: z.enum(['float32', 'float16']).default('float32'),
    /** Of encoders: also the column `layers`, a vector of each layer, the embeddings first. */
    layers: z.boolean().default(false),
    /** Of encoders: put before each text (E5 wants "query: "); by default what the model's files say. */
    prefix: z.string().optional(),
  }),
  inputs: {
    sentences: 'optional',
    /** Rows of tasks (train.tsv, …): each different text is embedded once. */
    tasks: 'any',
    idf: 'optional',
    /** Vectors of the first `sentences`: a task's text that is one of them is not embedded again. */
    known: 'optional',
    /** With `model: folder`: config.json, model.safetensors, … */
    model: 'optional',
  },
  outputs: {vectors: 'vectors.arrow'},
  uses: ({model}) => [`src/models/${vectorsModule(model)}.ts`],
  async run(ctx) {
    const name = vectorsModule(ctx.params.model);
    const {writeTeacherVectors} = (await import(`../src/models/${name}.ts`)) as VectorsModule;
    const only = (name: 'sentences' | 'idf' | 'known'): string => {
      const file = ctx.in[name];
      if (file === null) throw new StageError(`These parameters need the input \`${name}\`.`);
      return file.path;
    };
    const tasks = ctx.in.tasks.map(({path}) => path);
    const isKnown = ctx.in.known !== null;
    if (isKnown && tasks.length === 0) throw new StageError('The input `known` goes with the input `tasks`.');
    await asUserError(() =>
      writeTeacherVectors({
        ...ctx.params,
        modelFolder: ctx.in.model?.path ?? null,
        texts: tasks.length > 0 ? {tasks} : {sentences: only('sentences')},
        known: isKnown ? {vectors: only('known'), sentences: only('sentences')} : null,
        ...{sentences: () => only('sentences'), idf: () => only('idf')},
        ...{out: ctx.out.vectors, scratch: ctx.scratch, threads: ctx.threads, signal: ctx.signal},
        log: line => ctx.log(line),
        progress: (done, total, unit) => ctx.progress({done, total, unit}),
      }),
    );
  },
});
