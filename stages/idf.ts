import {z} from 'zod';
import {StageError, defineStage} from '../src/contract/stage.ts';

export default defineStage({
  description: 'Document frequency and smoothed inverse document frequency of every word of the sentences.',
  params: z.strictObject({
    language: z.enum(['en', 'zh']).default('en'),
    /** Rarer words are left out of the table: readers give them the IDF of an unknown word. */
    minDocumentFrequency: z.int().positive().default(1),
  }),
  inputs: {sentences: 'one'},
  outputs: {table: 'idf.arrow'},
  async run(ctx) {
    const {language, minDocumentFrequency} = ctx.params;
    const [{openArrowWriter, readArrow}, {openSegmenter}, {documentFrequencies, smoothedIdf}] = await Promise.all([
      import('../src/io/arrow.ts'),
      import('../src/text/words.ts'),
      import('../src/math/idf.ts'),
    ]);
    const segment = await openSegmenter(language);
    const table = readArrow(ctx.in.sentences.path);
    const sentences = function* () {
      for (const batch of table.batches()) {
        ctx.signal.throwIfAborted();
        ctx.progress({done: batch.start, total: table.rows, unit: 'sentence'});
        for (const text of batch.strings('text')) yield segment(text);
      }
    };
    const {documents, frequencies} = documentFrequencies(sentences());
    if (documents === 0) throw new StageError(`${ctx.in.sentences.path} holds no sentences.`);

    // By code unit, not by locale: the same order on every machine.
    const rows = [...frequencies]
      .filter(([, count]) => count >= minDocumentFrequency)
      .sort(([a, inA], [b, inB]) => inB - inA || (a < b ? -1 : 1));
    if (rows.length === 0)
      throw new StageError(
        frequencies.size === 0
          ? `None of the ${documents} sentences of ${ctx.in.sentences.path} has a word: with \`language: ${language}\` nothing in them is one.`
          : `None of the ${frequencies.size} words of ${ctx.in.sentences.path} is in ${minDocumentFrequency} sentences (minDocumentFrequency).`,
      );
    const writer = openArrowWriter(
      ctx.out.table,
      {word: 'utf8', document_frequency: 'uint32', idf: 'float64'},
      {metadata: {documents: String(documents), language}},
    );
    for (let start = 0; start < rows.length; start += 8192) {
      const batch = rows.slice(start, start + 8192);
      await writer.append({
        word: batch.map(([word]) => word),
        document_frequency: Uint32Array.from(batch, ([, count]) => count),
        idf: Float64Array.from(batch, ([, count]) => smoothedIdf(documents, count)),
      });
    }
    await writer.close();
    ctx.log(`${rows.length} words in ${documents} sentences`);
  },
});
