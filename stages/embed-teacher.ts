import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import type {InputFile} from '../src/contract/stage.ts';
import type {UseLiteSession} from '../src/models/use-lite-session.ts';
import type {PieceImportance} from '../src/text/piece-weights.ts';
import type {UseTokenizer} from '../src/text/use-tokenizer.ts';

// Sentences whose vectors are made, kept for a second attempt and written together: 16 MB.
const chunk = 8192;

const params = z.strictObject({
  model: z.enum(['use-lite']).default('use-lite'),
  /** How the states of a text's pieces become one vector: their mean, or a mean weighted by IDF. */
  pooling: z.enum(['mean', 'idf']).default('mean'),
  /**
   * What has the IDF. `word`: LTD-BERT's, the IDF of a word in the input `idf`, shared evenly by its pieces. `piece`: the
   * model's own pieces, counted over all of the input `sentences`.
   */
  idfUnit: z.enum(['word', 'piece']).default('word'),
  /** Added to each piece's IDF before a text's weights are divided by their sum. */
  smoothing: z.number().nonnegative().default(0.1),
  /** Only the first so many sentences of the corpus. */
  limit: z.int().positive().optional(),
  /** Pieces in one run of the model, padding included. */
  batchPieces: z.int().positive().default(1024),
});

interface Inputs {
  readonly sentences: readonly InputFile[];
  readonly tasks: readonly InputFile[];
  readonly idf: readonly InputFile[];
}

export default defineStage({
  description: 'Sentence vectors of a teacher: of the texts of `tasks` where there are any, else of `sentences`.',
  params,
  inputs: {sentences: 'any', tasks: 'any', idf: 'any'},
  outputs: {vectors: 'vectors.arrow'},
  async run(ctx) {
    const {pooling, limit, batchPieces} = ctx.params;
    const [
      {openArrowWriter},
      {useLiteDim},
      {openUseLiteTeacher},
      {toPoolingWeights},
      {vectorChunks, discardVectorChunks},
    ] = await Promise.all([
      import('../src/io/arrow.ts'),
      import('../src/models/use-lite.ts'),
      import('../src/models/use-lite-teacher.ts'),
      import('../src/text/piece-weights.ts'),
      import('../src/io/vector-chunks.ts'),
    ]);
    const {session, tokenizer} = await openUseLiteTeacher({threads: ctx.threads});
    const ofTasks = ctx.in.tasks.length > 0;
    const texts = ofTasks ? await taskTexts(ctx.in.tasks) : (await corpusOf(ctx.in)).slice(0, limit);
    const importance = await importanceOf(ctx.params, ctx.in, tokenizer);

    ctx.log(
      `${texts.length} ${ofTasks ? 'texts of tasks' : 'sentences'}, vectors of ${useLiteDim} numbers, pooling ${pooling}`,
    );

    const compute = (start: number, end: number) =>
      embedSorted({
        session,
        budget: batchPieces,
        texts: texts.slice(start, end).map(text => {
          const pieces = tokenizer.encodeWithOffsets(text);
          return {ids: pieces.ids, weights: toPoolingWeights(importance(pieces))};
        }),
        onBatch: done => {
          ctx.signal.throwIfAborted();
          ctx.progress({done: start + done, total: texts.length, unit: 'sentence'});
        },
      });
    const writer = openArrowWriter(
      ctx.out.vectors,
      {id: 'uint32', ...(ofTasks ? {text: 'utf8' as const} : {}), vector: {float32: useLiteDim}},
      {metadata: {teacher: ctx.params.model, pooling}},
    );
    const begin = performance.now();
    let resumed = 0;
    for await (const part of vectorChunks({folder: ctx.scratch, rows: texts.length, dim: useLiteDim, chunk, compute})) {
      await writer.append({
        id: Uint32Array.from({length: part.rows}, (_, row) => part.start + row),
        ...(ofTasks ? {text: texts.slice(part.start, part.start + part.rows)} : {}),
        vector: part.data,
      });
      if (part.resumed) resumed += part.rows;
    }
    await writer.close();
    await session.close();
    discardVectorChunks(ctx.scratch);
    const seconds = (performance.now() - begin) / 1000;
    if (resumed > 0) ctx.log(`${resumed} of them were ready from an earlier attempt`);
    ctx.log(`${Math.round((texts.length - resumed) / seconds)} texts a second with ${ctx.threads} threads`);
  },
});

const taskTexts = async (files: readonly InputFile[]): Promise<string[]> => {
  const {readTaskTexts} = await import('../src/io/task-texts.ts');
  return asUserError(() => readTaskTexts(files.map(file => file.path)));
};

const corpusOf = async ({sentences}: Inputs): Promise<string[]> => {
  const {readArrow} = await import('../src/io/arrow.ts');
  const file = onlyFile('sentences', sentences);
  return asUserError(() => readArrow(file).strings('text'));
};

/** How much each piece of a text counts, before the weights are made to sum to 1. */
const importanceOf = async (
  {pooling, idfUnit, smoothing}: z.output<typeof params>,
  inputs: Inputs,
  tokenizer: UseTokenizer,
): Promise<PieceImportance> => {
  const [{readArrow}, {smoothedIdf}, weights] = await Promise.all([
    import('../src/io/arrow.ts'),
    import('../src/math/idf.ts'),
    import('../src/text/piece-weights.ts'),
  ]);
  if (pooling === 'mean') return weights.evenImportance;
  if (idfUnit === 'piece') {
    const {documents, frequencies} = weights.pieceDocumentFrequencies(await corpusOf(inputs), tokenizer);
    return weights.pieceImportance(
      Float64Array.from(frequencies, count => smoothedIdf(documents, count)),
      smoothing,
    );
  }
  const table = asUserError(() => readArrow(onlyFile('idf', inputs.idf)));
  const idf = table.numbers('idf');
  const idfOf = new Map(table.strings('word').map((word, row) => [word, idf[row] ?? 0]));
  const unknown = smoothedIdf(Number(table.metadata.get('documents')), 0);
  return weights.wordImportance(word => idfOf.get(word) ?? unknown, smoothing);
};

interface EmbedOptions {
  readonly session: UseLiteSession;
  readonly texts: readonly {readonly ids: Int32Array; readonly weights: Float32Array}[];
  readonly budget: number;
  readonly onBatch: (done: number) => void;
}

/** Vectors in the order of the texts, [text, dim]; the model sees them sorted by length, in batches of little padding. */
const embedSorted = async ({session, texts, budget, onBatch}: EmbedOptions): Promise<Float32Array> => {
  const [{lengthBuckets}, {useLiteDim}] = await Promise.all([
    import('../src/math/length-buckets.ts'),
    import('../src/models/use-lite.ts'),
  ]);
  const vectors = new Float32Array(texts.length * useLiteDim);
  let done = 0;
  for (const rows of lengthBuckets(
    Int32Array.from(texts, text => text.ids.length),
    {budget, rows: 256},
  )) {
    const batch = Array.from(rows, row => texts[row]!);
    const result = await session.embed({ids: batch.map(text => text.ids), weights: batch.map(text => text.weights)});
    rows.forEach((row, index) => {
      vectors.set(result.subarray(index * useLiteDim, (index + 1) * useLiteDim), row * useLiteDim);
    });
    done += rows.length;
    onBatch(done);
  }
  return vectors;
};

const onlyFile = (name: keyof Inputs, files: readonly InputFile[]): string => {
  const [file] = files;
  if (file === undefined || files.length > 1) {
    throw new StageError(`Expected one file as input \`${name}\` for these parameters, found ${files.length}.`);
  }
  return file.path;
};
