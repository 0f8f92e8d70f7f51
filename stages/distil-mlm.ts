import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {wordSettings} from '../src/training/mlm/settings.ts';

const weight = z.number().nonnegative();

export default defineStage({
  description:
    'DistilBERT: a student of half the layers learns masked words, the teacher’s probabilities of words, and its states.',
  params: z.strictObject({
    ...wordSettings,
    learningRate: z.number().positive().default(5e-4),
    layers: z.int().positive(),
    /** teacher: every other layer of it; random: nothing of it. */
    start: z.enum(['teacher', 'random']).default('teacher'),
    /** Which layers of the teacher, from 0; even: the first, the last and those between at even distances. */
    take: z.union([z.literal('even'), z.array(z.int().nonnegative()).nonempty()]).default('even'),
    weights: z
      .strictObject({
        soft: weight.default(5),
        mlm: weight.default(2),
        cosine: weight.default(1),
        logits: weight.default(0),
      })
      .prefault({}),
    temperature: z.number().positive().default(2),
    /** Where the teacher's probabilities are learnt: of all tokens, or of hidden words alone. */
    soft: z.enum(['tokens', 'masked']).default('tokens'),
    arm: z.string().default('distilbert'),
  }),
  /** `teacher`: an encoder with a masked-word head, of pretrain-mlm or of the hub; `sentences`: of clean-corpus. */
  inputs: {
    teacher: 'one',
    sentences: 'one',
    /** Of word-logits: the teacher is not run again, and its file says which words are hidden. It has no states: cosine: 0. */
    logits: 'optional',
  },
  outputs: {student: 'student', metrics: 'metrics.json'},
  engine: true,
  async run(ctx) {
    const {params} = ctx;
    const recorded = ctx.in.logits?.path ?? null;
    if (recorded !== null && params.weights.cosine !== 0)
      throw new StageError('The input `logits` holds no states of the teacher: set weights.cosine to 0, or leave out the input.'); // prettier-ignore
    const [{openEngine}, {readEncoderFolder}, weights, {wordParameters}, triple, {runWords}, student, layers, fs] =
      await Promise.all([
        import('../src/engine/engine.ts'),
        import('../src/models/encoder-folder.ts'),
        import('../src/models/encoder-weights.ts'),
        import('../src/training/mlm/word-model.ts'),
        import('../src/training/mlm/triple-loss.ts'),
        import('../src/training/mlm/run.ts'),
        import('../src/training/mlm/student-folder.ts'),
        import('../src/models/encoder-layers.ts'),
        import('node:fs'),
      ]);
    const {folder, config: of} = asUserError(() => readEncoderFolder(ctx.in.teacher.path));
    const {parameters: teacher, parts} = asUserError(() => weights.readEncoderWeights(folder, of, 'all'));
    if (!parts.mlm)
      throw new StageError(`${folder} has no head that predicts words. Make one with the stage pretrain-mlm, or take a model that has its own (bert-base-uncased).`); // prettier-ignore
    const taken = asUserError(() =>
      params.take === 'even' ? layers.evenLayers(of.layers, params.layers) : params.take,
    );
    if (taken.length !== params.layers)
      throw new StageError(`\`take\` names ${taken.length} layers, \`layers\` is ${params.layers}.`);
    // No token types and no pooler, as DistilBERT.
    const config = {...of, layers: params.layers, tokenTypes: 0};
    const started = params.start === 'random' ? {} : asUserError(() => layers.layersOf(teacher, taken, folder));
    const engine = await openEngine({threads: ctx.threads});
    const beside = recorded === null ? student.openWordTeacher(engine, teacher, of) : null;
    const terms = triple.tripleTerms.filter(name => recorded === null || name !== 'cosine');
    const found = await asUserError(() =>
      runWords({
        ...params,
        ...{engine, folder, config, corpus: ctx.in.sentences.path, terms, scored: params.soft},
        loss: triple.tripleLoss(config, params.weights, params.temperature, terms),
        recorded: recorded === null ? null : {file: recorded, temperature: params.temperature},
        ...{teacher: beside?.run ?? null, compared: {parameters: teacher, config: of}, frozen: () => false},
        initial: random => wordParameters(config, started, random),
        ...{checkpoints: ctx.scratch, signal: ctx.signal, log: (message: string) => ctx.log(message)},
        onStep: (done, total, loss) => ctx.progress({done, total, unit: 'step', loss}),
      }),
    );
    await beside?.close();
    student.saveWordStudent(ctx.out.student, found.parameters, {config, from: folder});
    const {parameters: _, ...facts} = found;
    const {seed: _seed, ...axis} = ctx.axis;
    const origin = {task: 'pre-training', arm: params.arm, axis, seed: params.seed};
    fs.writeFileSync(ctx.out.metrics, `${JSON.stringify({...origin, ...facts}, null, 1)}\n`);
  },
});
