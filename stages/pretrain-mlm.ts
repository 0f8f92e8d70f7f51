import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {defineStage} from '../src/contract/stage.ts';
import {wordSettings} from '../src/training/mlm/settings.ts';

export default defineStage({
  description: 'Continues the pre-training of an encoder on masked words, so that one without such a head gets one.',
  params: z.strictObject({
    ...wordSettings,
    learningRate: z.number().positive().default(1e-4),
    /** head: the encoder stays as it is, and only the head that predicts words learns. */
    train: z.enum(['all', 'head']).default('all'),
  }),
  /** `model`: the encoder's folder; `sentences`: of clean-corpus. */
  inputs: {model: 'one', sentences: 'one'},
  outputs: {model: 'model', metrics: 'metrics.json'},
  engine: true,
  async run(ctx) {
    const {params} = ctx;
    const [{openEngine}, {readEncoderFolder}, weights, {saveEncoder}, {wordParameters}, {mlmLoss}, {runWords}, fs] =
      await Promise.all([
        import('../src/engine/engine.ts'),
        import('../src/models/encoder-folder.ts'),
        import('../src/models/encoder-weights.ts'),
        import('../src/models/save-encoder.ts'),
        import('../src/training/mlm/word-model.ts'),
        import('../src/training/mlm/triple-loss.ts'),
        import('../src/training/mlm/run.ts'),
        import('node:fs'),
      ]);
    const {folder, config} = asUserError(() => readEncoderFolder(ctx.in.model.path));
    const {parameters: started, parts} = asUserError(() => weights.readEncoderWeights(folder, config, 'all'));
    const isPooler = (name: string): boolean => name.startsWith('pooler.');
    const engine = await openEngine({threads: ctx.threads});
    const found = await asUserError(() =>
      runWords({
        ...params,
        ...{engine, folder, config, corpus: ctx.in.sentences.path, loss: mlmLoss(config), terms: ['mlm']},
        ...{scored: 'masked', teacher: null, compared: null, checkpoints: ctx.scratch, signal: ctx.signal},
        frozen: params.train === 'head' ? (name: string) => !name.startsWith('cls.') : () => false,
        initial: random => wordParameters(config, started, random),
        log: (message: string) => ctx.log(message),
        onStep: (done, total, loss) => ctx.progress({done, total, unit: 'step', loss}),
      }),
    );
    // The pooler takes no part in this training; who fine-tunes the model may want it.
    const pooler = Object.fromEntries(Object.entries(started).filter(([name]) => isPooler(name)));
    saveEncoder(ctx.out.model, {
      parameters: {...found.parameters, ...pooler},
      parts: {mlm: true, ...(parts.pooler && {pooler: true})},
      from: folder,
    });
    const {parameters: _, ...facts} = found;
    fs.writeFileSync(
      ctx.out.metrics,
      `${JSON.stringify({task: 'pre-training', arm: ctx.stage, axis: {}, seed: params.seed, ...facts}, null, 1)}\n`,
    );
  },
});
