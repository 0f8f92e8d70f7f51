import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import type {InputFile} from '../src/contract/stage.ts';
import type {EncoderVectorsOptions} from '../src/models/encoder-vectors.ts';

// Texts whose vectors are made, kept for a second attempt and written together: 16 MB.
const chunk = 8192;

const encoderModule = 'encoder-vectors';
interface EncoderModule {
  readonly writeEncoderVectors: (options: EncoderVectorsOptions) => Promise<void>;
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
    sentences: 'any',
    /** Rows of tasks (train.tsv, …): each different text is embedded once. */
    tasks: 'any',
    idf: 'any',
    /** Vectors of the first of the `sentences`: a task's text that is one of them is not embedded again. */
    known: 'any',
    /** With `model: folder`: config.json, model.safetensors, … */
    model: 'any',
  },
  outputs: {vectors: 'vectors.arrow'},
  // Loaded by computed name: what encoders need is no part of USE-lite's key.
  uses: ({model}) => (model === 'use-lite' ? [] : [`src/models/${encoderModule}.ts`]),
  async run(ctx) {
    if (ctx.params.model !== 'use-lite') {
      const {writeEncoderVectors} = (await import(`../src/models/${encoderModule}.ts`)) as EncoderModule;
      const tasks = ctx.in.tasks.map(file => file.path);
      const isKnown = ctx.in.known.length > 0;
      if (isKnown && tasks.length === 0) throw new StageError('The input `known` goes with the input `tasks`.');
      if (ctx.params.pooling === 'idf' && ctx.params.idfUnit === 'piece')
        throw new StageError('`idfUnit: piece` is for USE-lite; encoders have the IDF of words: idfUnit: word.');
      return asUserError(() =>
        writeEncoderVectors({
          ...ctx.params,
          folders: ctx.in.model.map(file => file.path),
          known: isKnown
            ? {vectors: onlyFile('known', ctx.in.known), sentences: onlyFile('sentences', ctx.in.sentences)}
            : null,
          texts: tasks.length > 0 ? {tasks} : {sentences: onlyFile('sentences', ctx.in.sentences)},
          idf: () => onlyFile('idf', ctx.in.idf),
          out: ctx.out.vectors,
          scratch: ctx.scratch,
          threads: ctx.threads,
          signal: ctx.signal,
          log: line => ctx.log(line),
          progress: (done, total, unit) => ctx.progress({done, total, unit}),
        }),
      );
    }
    if (ctx.in.model.length > 0)
      throw new StageError('The input `model` goes with the parameter `model: folder`; it is use-lite.');
    if (ctx.params.pooling === 'cls') throw new StageError('USE-lite has no first piece to pool: use mean or idf.');
    const pooledBy = ctx.params.pooling === 'model' ? 'mean' : ctx.params.pooling;
    const params = {...ctx.params, pooling: pooledBy} as const;
    const [{openArrowWriter, readArrow}, {useLiteDim}, {openUseLiteTeacher}, {embedTexts}, pooling] = await Promise.all(
      [
        import('../src/io/arrow.ts'),
        import('../src/models/use-lite-weights.ts'),
        import('../src/models/use-lite-teacher.ts'),
        import('../src/models/embed-texts.ts'),
        import('../src/models/teacher-pooling.ts'),
      ],
    );
    const [{vectorChunks, discardVectorChunks}, {readTaskTexts}, {readKnownVectors}] = await Promise.all([
      import('../src/io/vector-chunks.ts'),
      import('../src/io/task-texts.ts'),
      import('../src/io/known-vectors.ts'),
    ]);
    const sentences = () => onlyFile('sentences', ctx.in.sentences);
    const notes = {teacher: params.model, ...pooling.poolingNotes(params)};
    const ofTasks = ctx.in.tasks.length > 0;
    if (!ofTasks && ctx.in.known.length > 0) throw new StageError('The input `known` goes with the input `tasks`.');
    const all = asUserError(() =>
      ofTasks
        ? readTaskTexts(ctx.in.tasks.map(file => file.path))
        : readArrow(sentences()).strings('text').slice(0, params.limit),
    );
    const known =
      ofTasks && ctx.in.known.length > 0
        ? asUserError(() =>
            readKnownVectors(
              {
                vectors: onlyFile('known', ctx.in.known),
                sentences: sentences(),
              },
              all,
              notes,
            ),
          )
        : null;
    const isKnown = new Set(known?.texts);
    const unknown = all.filter(text => !isKnown.has(text));

    const teacher = await openUseLiteTeacher({threads: ctx.threads});
    const files = {sentences, idf: () => onlyFile('idf', ctx.in.idf)};
    const importance = asUserError(() => pooling.openPooling(params, files, teacher.tokenizer));
    ctx.log(
      `${all.length} ${ofTasks ? 'texts of tasks' : 'sentences'}, vectors of ${useLiteDim} numbers, pooling ${params.pooling}`,
    );
    if (known) ctx.log(`${known.texts.length} of them are sentences whose vectors are known`);

    const writer = openArrowWriter(
      ctx.out.vectors,
      {
        id: 'uint32',
        ...(ofTasks ? {text: 'utf8' as const} : {}),
        vector: {float32: useLiteDim},
      },
      {metadata: notes},
    );
    let written = 0;
    const write = async (texts: readonly string[], vector: Float32Array): Promise<void> => {
      const id = Uint32Array.from(texts, (_, row) => written + row);
      await writer.append({id, ...(ofTasks ? {text: texts} : {}), vector});
      written += texts.length;
    };
    const begin = performance.now();
    let resumed = 0;
    const compute = (start: number, end: number): Promise<Float32Array> =>
      embedTexts(unknown.slice(start, end), {
        teacher,
        poolings: [importance],
        budget: params.batchPieces,
        onBatch: done => {
          ctx.signal.throwIfAborted();
          ctx.progress({
            done: start + done,
            total: unknown.length,
            unit: 'sentence',
          });
        },
      });
    const chunks = vectorChunks({
      folder: ctx.scratch,
      rows: unknown.length,
      dim: useLiteDim,
      chunk,
      compute,
    });
    for await (const part of chunks) {
      await write(unknown.slice(part.start, part.start + part.rows), part.data);
      if (part.resumed) resumed += part.rows;
    }
    const seconds = (performance.now() - begin) / 1000;
    for (let start = 0; known && start < known.texts.length; start += chunk)
      await write(known.texts.slice(start, start + chunk), known.vectors(start, start + chunk));
    await writer.close();
    await teacher.session.close();
    discardVectorChunks(ctx.scratch);
    if (resumed > 0) ctx.log(`${resumed} of them were ready from an earlier attempt`);
    ctx.log(`${Math.round((unknown.length - resumed) / seconds)} texts a second with ${ctx.threads} threads`);
  },
});

const onlyFile = (name: string, files: readonly InputFile[]): string => {
  const [file] = files;
  if (file === undefined || files.length > 1) {
    throw new StageError(`Expected one file as input \`${name}\` for these parameters, found ${files.length}.`);
  }
  return file.path;
};
