import {z} from 'zod';
import {asUserError} from '../src/contract/as-user-error.ts';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {kindModule} from '../src/models/export/load-kind.ts';
import {studentModule} from '../src/models/open-student.ts';

export default defineStage({
  description: 'Times teacher and students, as they serve, on the same sentences, one thread, and weighs them on disk.',
  params: z.strictObject({
    /** The teacher: `use-lite`; a BERT encoder of Hugging Face's hub, `owner/name@COMMIT`; or `folder`: the input `model`. */
    model: z.string().min(1).default('use-lite'),
    /** How many sentences of the corpus are read by each. */
    sentences: z.int().min(32).default(1000),
    /** Each time is the median of so many passes. */
    passes: z.int().positive().default(3),
    /** Which arm's scores a stage's students make (`{distil: ltd}`): each such stage is measured, by one of its students. */
    arms: z.record(z.string(), z.string()).default({}),
    /** The same for students of other precisions (as `embed-student` has them): `{distil: {int8: ltd-int8}}`. */
    preciseArms: z.record(z.string(), z.partialRecord(z.enum(['float16', 'int8', 'int4']), z.string())).default({}),
    /** The kinds of students among them (src/models/students). */
    models: z.array(z.string()).min(1).default(['bilstm']),
    /**
     * Pieces in the vocabulary of a BERT-base (30,522 in English, 21,128 in Chinese) that is measured beside the teacher, by
     * its shape alone: papers compare with it.
     */
    bertBase: z.int().positive().nullable().default(null),
  }),
  /** `model`: config.json, model.safetensors, … of the teacher, with `model: folder`. */
  inputs: {sentences: 'one', students: 'many', model: 'optional'},
  outputs: {cost: 'cost.json'},
  engine: true,
  // Loaded by name: only what is named here is in the key and may be read.
  uses: ({models}) => models.flatMap(model => [studentModule({model}), kindModule(model)]),
  async run(ctx) {
    const {passes, model, bertBase} = ctx.params;
    const [{readArrow}, {encoderPlace}, timed, {sentencesPerSecond, spreadByLength}, fs] = await Promise.all([
      import('../src/io/arrow.ts'),
      import('../src/models/encoder-place.ts'),
      import('../src/evaluation/timed-encoders.ts'),
      import('../src/evaluation/sentences-per-second.ts'),
      import('node:fs'),
    ]);
    const all = readArrow(ctx.in.sentences.path).strings('text');
    // The last ones: no student has learnt from them where the corpus is larger than what the teacher embedded.
    const texts = all.slice(-ctx.params.sentences);
    if (texts.length < ctx.params.sentences)
      throw new StageError(
        `${ctx.in.sentences.path} holds ${all.length} sentences, fewer than the ${ctx.params.sentences} to be timed (sentences).`,
      );
    const first = ctx.in.students[0]!;
    const armed = armsOf(ctx.params).map(({param, stage, arm, precision}) => {
      const student = ctx.in.students.find(file => file.stage === stage);
      if (student) return {arm, student, precision};
      const known = [...new Set(ctx.in.students.map(file => file.stage ?? file.path))];
      throw new StageError(
        `\`${param}\` names the stage "${stage}", and no student comes from there: \`students\` has those of ${known.join(', ')}.`,
      );
    });
    const measure = async (encoder: Awaited<ReturnType<typeof timed.openTimedBertBase>>, some = texts) => {
      const encode = (batch: readonly string[]) => encoder.encode(batch);
      const {name, bytes, parameters} = encoder;
      // One by one, a few hundred are enough for a steady median.
      const batch1 = await sentencesPerSecond(encode, some.slice(-256), 1, passes);
      const batch32 = await sentencesPerSecond(encode, some, 32, passes);
      await encoder.close();
      ctx.log(`${name}: ${Math.round(batch1)} sentences a second one by one, ${Math.round(batch32)} by 32`);
      return {name, bytes, parameters, sentencesPerSecond: {batch1, batch32}};
    };
    const open = timed.openTimedStudent;
    const place =
      model === 'use-lite'
        ? null
        : await asUserError(() =>
            encoderPlace({
              ...{model, modelFolder: ctx.in.model?.path ?? null, signal: ctx.signal},
              progress: (done, total, unit) => ctx.progress({done, total, unit}),
            }),
          );
    const teacher = await asUserError(() => timed.openTimedTeacher(place?.folder ?? null));
    const shared = {
      teacher: await measure(teacher),
      student: await measure(await asUserError(() => open(first.path, 'float32'))),
      ...(bertBase !== null && {
        // A hundred times slower than the rest: a few batches that are padded as little as all would be.
        bertBase: await measure(
          await timed.openTimedBertBase(bertBase, teacher),
          spreadByLength(texts, 32, Math.min(4, Math.ceil(texts.length / 32))),
        ),
      }),
      threads: 1,
    };
    const models: object[] = [];
    for (const {arm, student, precision} of armed) {
      // The same student measured twice would only differ by noise.
      const isMeasured = student === first && precision === 'float32';
      models.push({arm, ...(isMeasured ? shared.student : await measure(await open(student.path, precision)))});
    }
    const cost = models.length > 0 ? {...shared, models} : shared;
    fs.writeFileSync(ctx.out.cost, `${JSON.stringify(cost, null, 1)}\n`);
  },
});

interface Arms {
  readonly arms: Readonly<Record<string, string>>;
  readonly preciseArms: Readonly<Record<string, Readonly<Partial<Record<'float16' | 'int8' | 'int4', string>>>>>;
}

const armsOf = ({arms, preciseArms}: Arms) => [
  ...Object.entries(arms).map(([stage, arm]) => ({param: 'arms', stage, arm, precision: 'float32' as const})),
  ...Object.entries(preciseArms).flatMap(([stage, own]) =>
    (['float16', 'int8', 'int4'] as const).flatMap(precision => {
      const arm = own[precision];
      return arm === undefined ? [] : [{param: 'preciseArms', stage, arm, precision}];
    }),
  ),
];
