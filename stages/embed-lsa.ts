import {z} from 'zod';
import {StageError, defineStage} from '../src/contract/stage.ts';

export default defineStage({
  description: 'Sentence vectors by LSA (TF-IDF and a truncated SVD): a control teacher that knows only this text.',
  params: z.strictObject({
    /** Only the first so many sentences of the corpus. */
    limit: z.int().positive().optional(),
    dim: z.int().positive().default(300),
    /** The most frequent so many words. */
    vocabulary: z.int().positive().default(20_000),
    language: z.enum(['en', 'zh']).default('en'),
    iterations: z.int().positive().default(3),
    seed: z.int().default(1),
  }),
  inputs: {sentences: 'one', idf: 'one'},
  outputs: {vectors: 'vectors.arrow'},
  async run(ctx) {
    const {limit, dim, vocabulary, language, iterations, seed} = ctx.params;
    const [{openArrowWriter, readArrow}, {openSegmenter}, {tfIdfRows}, {randomizedSvd}, {createRandom}] =
      await Promise.all([
        import('../src/io/arrow.ts'),
        import('../src/text/words.ts'),
        import('../src/math/tf-idf.ts'),
        import('../src/math/randomized-svd.ts'),
        import('../src/math/random.ts'),
      ]);
    const segment = await openSegmenter(language);
    const table = readArrow(ctx.in.idf.path);
    // The rows of idf.arrow are sorted by document frequency, most frequent first.
    const columnOf = new Map(
      table
        .strings('word')
        .slice(0, vocabulary)
        .map((word, column) => [word, column]),
    );
    const idf = table.numbers('idf').subarray(0, vocabulary);
    const documents: Int32Array[] = [];
    for (const batch of readArrow(ctx.in.sentences.path).batches()) {
      for (const text of batch.strings('text')) {
        if (documents.length === limit) break;
        documents.push(Int32Array.from(segment(text), word => columnOf.get(word) ?? -1));
      }
    }
    if (Math.min(documents.length, idf.length) < dim) {
      throw new StageError(
        `${documents.length} sentences with ${idf.length} words have no ${dim} dimensions; lower \`dim\` or give more text.`,
      );
    }
    const rows = tfIdfRows(documents, idf);
    const begin = performance.now();
    const {singularValues, right} = randomizedSvd(rows, {rank: dim, random: createRandom(seed), iterations});
    ctx.log(
      `${rows.rows} sentences, ${rows.width} words, ${dim} dimensions in ${((performance.now() - begin) / 1000).toFixed(1)} s; ` +
        `singular values ${singularValues[0]?.toFixed(2)} to ${singularValues.at(-1)?.toFixed(2)}`,
    );

    const writer = openArrowWriter(
      ctx.out.vectors,
      {id: 'uint32', vector: {float32: dim}},
      {metadata: {teacher: 'lsa', pooling: 'tf-idf'}},
    );
    const sum = new Float64Array(dim);
    for (let start = 0; start < rows.rows; start += 4096) {
      const end = Math.min(rows.rows, start + 4096);
      const vectors = new Float32Array((end - start) * dim);
      for (let row = start; row < end; row++) {
        sum.fill(0);
        for (let at = rows.starts[row]!; at < rows.starts[row + 1]!; at++) {
          const first = rows.columns[at]! * dim;
          for (let axis = 0; axis < dim; axis++) sum[axis]! += rows.values[at]! * right[first + axis]!;
        }
        const length = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
        // Nothing is known of a sentence without known words: it gets the direction that most sentences share.
        if (length === 0) sum[0] = 1;
        for (let axis = 0; axis < dim; axis++) vectors[(row - start) * dim + axis] = sum[axis]! / (length || 1);
      }
      await writer.append({id: Uint32Array.from({length: end - start}, (_, index) => start + index), vector: vectors});
      ctx.progress({done: end, total: rows.rows, unit: 'sentence'});
    }
    await writer.close();
  },
});
