import {statSync} from 'node:fs';
import path from 'node:path';
import {z} from 'zod';
import {StageError, defineStage} from '../src/contract/stage.ts';
import type {DropReason} from '../src/text/corpus-cleaner.ts';
import {normalize} from '../src/text/normalize.ts';
import {splitSentences} from '../src/text/sentences.ts';
import type {Language} from '../src/text/words.ts';

const meanings: Readonly<Record<DropReason | 'document-too-long' | 'over-limit', string>> = {
  'document-too-long': 'line of more than 8 MiB',
  empty: 'nothing left but spaces and control characters',
  'too-short': 'fewer words than minWords',
  'too-long': 'more words than maxWords',
  evaluation: 'a text of evaluation data',
  duplicate: 'the same as an earlier sentence',
  'near-evaluation': 'nearly a text of evaluation data',
  'near-duplicate': 'nearly the same as an earlier sentence',
  'over-limit': 'beyond maxSentences, after shuffling',
};

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
      .strictObject({threshold: z.number().gt(0).max(1).default(0.85), shingle: z.int().positive().default(2)})
      .nullable()
      .prefault({}),
    /** Of the order of the sentences. */
    seed: z.int().default(1),
  }),
  inputs: {
    /** dev.tsv and test.tsv of tasks: nothing like their rows stays in the corpus. */
    evaluation: 'any',
    /** UTF-8 text, a document a line. */
    raw: 'any',
  },
  outputs: {sentences: 'sentences.arrow', dropped: 'dropped.json', report: 'dropped.md'},
  async run(ctx) {
    const {params} = ctx;
    const sources = params.sources.filter(source => source !== 'brown' || params.brown);
    if (sources.length + ctx.in.raw.length === 0) {
      throw new StageError(
        'There is nothing to clean: expected a source ("wordnet", "brown") or a file as input `raw`.',
      );
    }
    if (params.minWords > params.maxWords) {
      throw new StageError(`minWords (${params.minWords}) must not be above maxWords (${params.maxWords}).`);
    }
    const [{CorpusCleaner}, {DropTally}, {dropReport}, {openSegmenter}, {TextSpool}] = await Promise.all([
      import('../src/text/corpus-cleaner.ts'),
      import('../src/text/drop-tally.ts'),
      import('../src/text/drop-report.ts'),
      import('../src/text/words.ts'),
      import('../src/io/text-spool.ts'),
    ]);
    const [{createRandom}, {openArrowWriter}, {writeFile}] = await Promise.all([
      import('../src/math/random.ts'),
      import('../src/io/arrow.ts'),
      import('node:fs/promises'),
    ]);

    const cleaner = new CorpusCleaner({...params, segment: await openSegmenter(params.language)});
    const tally = new DropTally();
    const repaired = {invalidUtf8: 0, changed: 0};
    // Numbers instead of names for each kept sentence.
    const sourceNames: string[] = [];
    const sourceOf: number[] = [];
    const spool = new TextSpool(path.join(ctx.scratch, 'kept.txt'));
    try {
      for (const file of ctx.in.evaluation) {
        for await (const text of evaluationTexts(file.path)) cleaner.addEvaluation(normalize(text));
      }
      ctx.log(
        `${cleaner.evaluationTexts} texts and sentences of ${ctx.in.evaluation.length} evaluation files are kept out`,
      );

      const files = ctx.in.raw.map(file => file.path);
      const expected = expectedTexts(sources, files);
      let read = 0;
      for await (const {text, source, isValid} of corpusTexts(sources, files, params.language)) {
        if (++read % 8192 === 0) {
          ctx.signal.throwIfAborted();
          ctx.progress({done: read, total: Math.max(read, expected), unit: 'sentence'});
        }
        tally.read(source);
        if (!isValid) repaired.invalidUtf8++;
        if (text === null) {
          tally.drop('document-too-long', source, '');
          continue;
        }
        const sentence = normalize(text);
        if (sentence !== text) repaired.changed++;
        const verdict = cleaner.judge(sentence);
        if (verdict.keep) {
          if (!sourceNames.includes(source)) sourceNames.push(source);
          sourceOf.push(sourceNames.indexOf(source));
          spool.push(sentence);
        } else {
          const {reason, like} = verdict;
          tally.drop(reason, source, sentence, like === undefined ? undefined : () => spool.read(like));
        }
      }

      // Shuffled, so that the first n sentences are a fair sample of all.
      const order = createRandom(params.seed)
        .fork('corpus order')
        .shuffle(Uint32Array.from(sourceOf, (_, at) => at));
      const kept = order.subarray(0, params.maxSentences ?? order.length);
      const writer = openArrowWriter(
        ctx.out.sentences,
        {id: 'uint32', text: 'utf8', source: 'utf8'},
        {metadata: {language: params.language}},
      );
      for (let start = 0; start < kept.length; start += 8192) {
        const batch = kept.subarray(start, start + 8192);
        const batchSources = Array.from(batch, at => sourceNames[sourceOf[at]!]!);
        for (const source of batchSources) tally.keep(source);
        await writer.append({
          id: Uint32Array.from(batch, (_, at) => start + at),
          text: Array.from(batch, at => spool.read(at)),
          source: batchSources,
        });
      }
      await writer.close();
      for (const at of order.subarray(kept.length)) {
        tally.drop('over-limit', sourceNames[sourceOf[at]!]!, spool.read(at));
      }
    } finally {
      spool.close();
    }

    const {read, kept, dropped} = tally.toJSON(Object.keys(meanings));
    const notes = [
      `${repaired.changed} sentences were repaired (Unicode form, spaces, control characters), ${repaired.invalidUtf8} ` +
        'came from lines with bytes that are no UTF-8.',
      `${cleaner.evaluationTexts} texts and sentences of ${ctx.in.evaluation.length} evaluation files were kept out.`,
    ];
    await writeFile(
      ctx.out.dropped,
      `${JSON.stringify({language: params.language, read, kept, dropped, repaired}, null, 1)}\n`,
    );
    await writeFile(ctx.out.report, dropReport({read, kept, dropped}, meanings, notes));
    if (tally.keptCount === 0) {
      throw new StageError('No sentence is left after cleaning; see minWords, maxWords and the input files.');
    }
    ctx.log(`${tally.keptCount} sentences kept`);
  },
});

/** For the progress bar: what the packages are known to hold, and sentences of 80 bytes in files. */
const expectedTexts = (sources: readonly string[], files: readonly string[]): number =>
  (sources.includes('wordnet') ? 117_791 + 48_557 : 0) +
  (sources.includes('brown') ? 57_340 : 0) +
  files.reduce((sum, file) => sum + Math.ceil((statSync(file, {throwIfNoEntry: false})?.size ?? 0) / 80), 0);

interface CorpusText {
  /** null: too long to be read. */
  readonly text: string | null;
  readonly source: string;
  readonly isValid: boolean;
}

/** All texts in a fixed order. WordNet's and Brown's are sentences, or shorter, already. */
async function* corpusTexts(
  sources: readonly string[],
  files: readonly string[],
  language: Language,
): AsyncGenerator<CorpusText> {
  if (sources.includes('wordnet')) {
    const {readWordNet} = await import('../src/io/wordnet.ts');
    for (const {definition, examples} of readWordNet()) {
      yield {text: definition, source: 'wordnet definitions', isValid: true};
      for (const text of examples) yield {text, source: 'wordnet examples', isValid: true};
    }
  }
  if (sources.includes('brown')) {
    const {readBrown} = await import('../src/io/brown.ts');
    for (const {text} of readBrown()) yield {text, source: 'brown', isValid: true};
  }
  if (files.length === 0) return;
  const {readRawDocuments} = await import('../src/io/raw-documents.ts');
  for (const file of files) {
    const source = path.basename(file);
    try {
      for await (const {text, isValid} of readRawDocuments(file)) {
        // An empty line is counted as well: everything that was read is accounted for.
        const parts = text ? splitSentences(text, language) : [text];
        for (const part of parts) yield {text: part === null ? null : part.trim(), source, isValid};
      }
    } catch (error) {
      throw new StageError((error as Error).message, {cause: error});
    }
  }
}

async function* evaluationTexts(file: string): AsyncGenerator<string> {
  const {readTsv} = await import('../src/io/tsv.ts');
  let columns: number[] | null = null;
  for (const {line, cells} of readTsv(file)) {
    if (columns === null) {
      columns = ['sentence1', 'sentence2'].map(name => cells.indexOf(name)).filter(at => at >= 0);
      if (columns.length > 0) continue;
      throw new StageError(`${file}:${line}: expected a column "sentence1", found ${cells.join(', ')}.`);
    }
    for (const at of columns) yield cells[at] ?? '';
  }
}
