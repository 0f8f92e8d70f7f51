import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {defineStage} from '../src/contract/stage.ts';

const count = z.int().positive();

export default defineStage({
  description:
    'The encoder that trainings start from: some layers of a BERT, or a small one of random weights whose pieces are the words of given texts.',
  params: z.strictObject({
    /** Of the hub, `owner/name@COMMIT`; `folder`: that of the input `model`; `random`. */
    model: z.string().min(1),
    /** Which layers are taken, counted from 0; by default all. */
    layers: z.array(z.int().nonnegative()).nonempty().optional(),
    /** Of a random one. */
    random: z
      .strictObject({
        layers: count.default(2),
        width: count.default(64),
        heads: count.default(2),
        inner: count.default(128),
        positions: count.default(64),
        vocabulary: count.default(2000),
        seed: z.int().default(1),
      })
      .prefault({}),
  }),
  /** `texts`: train.tsv of tasks, whose words a random encoder's pieces are made of. */
  inputs: {model: 'optional', texts: 'any'},
  outputs: {encoder: 'encoder'},
  async run(ctx) {
    const {model, layers, random} = ctx.params;
    const [{encoderPlace}, {writeRandomEncoder}, {writeLayersOf}, {readTaskTexts}] = await Promise.all([
      import('../src/models/encoder-place.ts'),
      import('../src/models/random-encoder.ts'),
      import('../src/models/layers-of-encoder.ts'),
      import('../src/io/task-texts.ts'),
    ]);
    const paths = (files: readonly {readonly path: string}[]): string[] => files.map(({path}) => path);
    if (model === 'random') {
      const pieces = asUserError(() => writeRandomEncoder(ctx.out.encoder, readTaskTexts(paths(ctx.in.texts)), random));
      ctx.log(`a random encoder of ${random.layers} layers, ${random.width} wide, ${pieces} pieces`);
      return;
    }
    const progress = (done: number, total: number, unit: string): void => ctx.progress({done, total, unit});
    const place = await asUserError(() =>
      encoderPlace({model, modelFolder: ctx.in.model?.path ?? null, signal: ctx.signal, progress}),
    );
    const taken = asUserError(() => writeLayersOf(place.folder, ctx.out.encoder, layers ?? null));
    ctx.log(`layers ${taken.join(', ')} of ${place.notes['teacher'] ?? model}`);
  },
});
