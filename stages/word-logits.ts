import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';

export default defineStage({
  description:
    'What a teacher of masked words says of a corpus: at each place the most likely words, for distil-mlm to read.',
  params: z.strictObject({
    /** A BERT with a head that predicts words: of the hub, `owner/name@COMMIT`; or `folder`: that of the input `model`. */
    model: z.string().min(1).default('folder'),
    /** Words kept of each place; all others share one number. More than the vocabulary: all. */
    top: z.int().positive().default(64),
    /** At which the words that are not kept have their probability together: that of the distillation. */
    temperature: z.number().positive().default(2),
    /** Where: at hidden words alone, or at all tokens. */
    soft: z.enum(['tokens', 'masked']).default('masked'),
    /** How many times each text is read, other words hidden each time; epochs of the distillation take them by turns. */
    copies: z.int().positive().default(1),
    maxTokens: z.int().min(4).default(64),
    masking: z
      .strictObject({
        /** Of each text's tokens, rounded up. */
        share: z.number().gt(0).lt(1).default(0.15),
        /** How much rarer words are preferred: a piece's chance is its count to the power of minus this. */
        smoothing: z.number().min(0).default(0.7),
      })
      .prefault({}),
    /** Of logits: float16 halves their part of the file; DuckDB does not read it. */
    storage: z.enum(['float32', 'float16']).default('float32'),
    /** Texts in one run. */
    batch: z.int().positive().default(32),
    seed: z.int().default(1),
  }),
  /** `sentences`: of clean-corpus; `model`: with `model: folder`. */
  inputs: {sentences: 'one', model: 'optional'},
  outputs: {logits: 'word-logits.arrow'},
  engine: true,
  async run(ctx) {
    const {params} = ctx;
    const [{openEngine}, {encoderPlace}, {readEncoderFolder}, {readEncoderWeights}, {writeWordLogits}] =
      await Promise.all([
        import('../src/engine/engine.ts'),
        import('../src/models/encoder-place.ts'),
        import('../src/models/encoder-folder.ts'),
        import('../src/models/encoder-weights.ts'),
        import('../src/training/mlm/write-word-logits.ts'),
      ]);
    await asUserError(async () => {
      const place = await encoderPlace({
        ...{model: params.model, modelFolder: ctx.in.model?.path ?? null, signal: ctx.signal},
        progress: (done, total, unit) => ctx.progress({done, total, unit}),
      });
      const {folder, config} = readEncoderFolder(place.folder);
      const {parameters, parts} = readEncoderWeights(folder, config, 'all');
      if (!parts.mlm)
        throw new StageError(`${folder} has no head that predicts words. Make one with the stage pretrain-mlm, or take a model that has its own (bert-base-uncased).`); // prettier-ignore
      await writeWordLogits({
        ...params,
        ...{engine: await openEngine({threads: ctx.threads}), parameters, config, tokenizerFolder: folder},
        ...{corpus: ctx.in.sentences.path, out: ctx.out.logits, folder: ctx.scratch, signal: ctx.signal},
        ...{scored: params.soft, top: Math.min(params.top, config.vocabulary)},
        maxTokens: Math.min(params.maxTokens, config.positions),
        teacher: Object.values(place.notes).join(' '),
        log: line => ctx.log(line),
        progress: (done, total) => ctx.progress({done, total, unit: 'sentence'}),
      });
    });
  },
});
