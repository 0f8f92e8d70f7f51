import path from 'node:path';
import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';

export default defineStage({
  description:
    'Sentences to distil from: WordNet, Brown or text files, cleaned, without duplicates and evaluation data.',
  params: z.strictObject({
    /** Texts from packages; a stage with `raw` files may have none: `sources: []`. */
    sources: z.array(z.enum(['wordnet', 'brown'])).default(['wordnet', 'brown']),
    /** false leaves Brown out: its licence does not speak of commercial use. */
    brown: z.boolean().default(true),
    language: z.enum(['en', 'zh']).default('en'),
    /** Words and numbers; punctuation does not count. */
    minWords: z.int().positive().default(4),
    maxWords: z.int().positive().default(30),
    /** A sample of so many, after everything else; null = all. */
    maxSentences: z.int().positive().nullable().default(null),
    /** Jaccard similarity of word shingles from which sentences count as the same; null = only equal ones do. */
    nearDuplicates: z
      .strictObject({
        threshold: z.number().gt(0).max(1).default(0.85),
        shingle: z.int().positive().default(2),
      })
      .nullable()
      .prefault({}),
    /**
     * Of the input `heldOut`: a student is measured on the last so many of its sentences, or of its first `limit`. Nothing like
     * them stays here, so that a corpus that is added to it teaches none of them.
     */
    heldOut: z.strictObject({count: z.int().positive(), limit: z.int().positive().optional()}).optional(),
    /** Of the order of the sentences. */
    seed: z.int().default(1),
  }),
  inputs: {
    /** dev.tsv and test.tsv of tasks: nothing like their rows stays in the corpus. */
    evaluation: 'any',
    /** UTF-8 text, a document a line. */
    raw: 'any',
    /** UTF-8 text, a sentence a line, with its source and a tab before it. */
    tagged: 'any',
    /** sentences.arrow of the corpus that this one is added to. */
    heldOut: 'any',
    /** train.tsv of tasks, for text of their kind: labels are not read. */
    tasks: 'any',
  },
  outputs: {
    sentences: 'sentences.arrow',
    dropped: 'dropped.json',
    report: 'dropped.md',
  },
  async run(ctx) {
    const {params} = ctx;
    const sources = params.sources.filter(source => source !== 'brown' || params.brown);
    const {raw, tagged, tasks} = ctx.in;
    if (sources.length + raw.length + tagged.length + tasks.length === 0) {
      throw new StageError(
        'There is nothing to clean: expected a source ("wordnet", "brown") or a file as input `raw`, `tagged` or `tasks`.',
      );
    }
    if (ctx.in.heldOut.length > 0 !== (params.heldOut !== undefined)) {
      throw new StageError(
        'The input `heldOut` and the parameter `heldOut: {count}` go together: give both or neither.',
      );
    }
    if (params.minWords > params.maxWords) {
      throw new StageError(`minWords (${params.minWords}) must not be above maxWords (${params.maxWords}).`);
    }
    const [{CorpusCleaner}, {normalize}, {dropReport}, {dropMeanings}, {openSegmenter}, {TextSpool}] =
      await Promise.all([
        import('../src/text/corpus-cleaner.ts'),
        import('../src/text/normalize.ts'),
        import('../src/text/drop-report.ts'),
        import('../src/text/drop-reasons.ts'),
        import('../src/text/words.ts'),
        import('../src/io/text-spool.ts'),
      ]);
    const [{cleanTexts}, {evaluationTexts, heldOutTexts}, {writeShuffled}, {writeFile}] = await Promise.all([
      import('../src/corpus/clean-texts.ts'),
      import('../src/corpus/corpus-texts.ts'),
      import('../src/corpus/write-shuffled.ts'),
      import('node:fs/promises'),
    ]);

    const cleaner = new CorpusCleaner({
      ...params,
      segment: await openSegmenter(params.language),
    });
    asUserError(() => {
      for (const file of ctx.in.evaluation)
        for (const text of evaluationTexts(file.path)) cleaner.addEvaluation(normalize(text));
      for (const file of ctx.in.heldOut)
        for (const text of heldOutTexts(file.path, params.heldOut!)) cleaner.addEvaluation(normalize(text));
    });
    ctx.log(
      `${cleaner.evaluationTexts} texts and sentences of ${ctx.in.evaluation.length} evaluation files are kept out`,
    );
    const corpus = {
      packages: sources,
      files: raw.map(file => file.path),
      tagged: tagged.map(file => file.path),
      tasks: tasks.map(file => file.path),
      language: params.language,
    };
    const onRead = (read: number, expected: number): void => {
      ctx.signal.throwIfAborted();
      ctx.progress({done: read, total: expected, unit: 'sentence'});
    };
    const spool = new TextSpool(path.join(ctx.scratch, 'kept.txt'));
    const {tally, repaired} = await (async () => {
      try {
        const cleaned = await asUserError(() => cleanTexts({corpus, cleaner, spool, onRead}));
        await writeShuffled(ctx.out.sentences, {...params, ...cleaned, spool});
        return cleaned;
      } finally {
        spool.close();
      }
    })();

    const {read, kept, dropped} = tally.toJSON(Object.keys(dropMeanings));
    const notes = [
      `${repaired.changed} sentences were repaired (Unicode form, spaces, control characters), ${repaired.invalidUtf8} ` +
        'came from lines with bytes that are no UTF-8.',
      `${cleaner.evaluationTexts} texts and sentences of ${ctx.in.evaluation.length} evaluation files were kept out.`,
    ];
    await writeFile(
      ctx.out.dropped,
      `${JSON.stringify({language: params.language, read, kept, dropped, repaired}, null, 1)}\n`,
    );
    await writeFile(ctx.out.report, dropReport({read, kept, dropped}, dropMeanings, notes));
    if (tally.keptCount === 0) {
      throw new StageError('No sentence is left after cleaning; see minWords, maxWords and the input files.');
    }
    ctx.log(`${tally.keptCount} sentences kept`);
  },
});
