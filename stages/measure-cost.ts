import {z} from 'zod';
import {StageError, defineStage} from '../src/contract/stage.ts';
import {studentModule} from '../src/models/open-student.ts';

export default defineStage({
  description: 'Times teacher and student on the same sentences, one thread, and weighs them on disk.',
  params: z.strictObject({
    /** How many sentences of the corpus are read by each. */
    sentences: z.int().min(64).default(1000),
    /** Each time is the median of so many passes. */
    passes: z.int().positive().default(3),
    /** Which arm's scores a stage's students make (`{distil: ltd}`): each such stage is measured, by one of its students. */
    arms: z.record(z.string(), z.string()).default({}),
    /** The kinds of students among them (src/models/students). */
    models: z.array(z.string()).min(1).default(['bilstm']),
  }),
  inputs: {sentences: 'one', students: 'many'},
  outputs: {cost: 'cost.json'},
  engine: true,
  // Loaded by name: only what is named here is in the key and may be read.
  uses: ({models}) => models.map(model => studentModule({model})),
  async run(ctx) {
    const {passes} = ctx.params;
    const [{readArrow}, {openEngine}, {openTimedStudent, openTimedTeacher}, {sentencesPerSecond}, fs] =
      await Promise.all([
        import('../src/io/arrow.ts'),
        import('../src/engine/engine.ts'),
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
    const armed = Object.entries(ctx.params.arms).map(([stage, arm]) => {
      const one = ctx.in.students.find(file => file.stage === stage);
      if (one) return {arm, one};
      const known = [...new Set(ctx.in.students.map(file => file.stage ?? file.path))];
      throw new StageError(
        `\`arms\` names the stage "${stage}", and no student comes from there: \`students\` has those of ${known.join(', ')}.`,
      );
    });
    const engine = await openEngine({threads: 1});
    const teacher = await openTimedTeacher();
    const measure = async (encoder: typeof teacher) => {
      const encode = (some: readonly string[]) => encoder.encode(some);
      const {name, bytes, parameters} = encoder;
      // One by one, a few hundred are enough for a steady median.
      const batch1 = await sentencesPerSecond(encode, texts.slice(-Math.min(256, texts.length)), 1, passes);
      const batch32 = await sentencesPerSecond(encode, texts, 32, passes);
      await encoder.close();
      ctx.log(`${name}: ${Math.round(batch1)} sentences a second one by one, ${Math.round(batch32)} by 32`);
      return {name, bytes, parameters, sentencesPerSecond: {batch1, batch32}};
    };
    const open = (path: string) => openTimedStudent(engine, path);
    const shared = {teacher: await measure(teacher), student: await measure(await open(first.path)), threads: 1};
    const models: object[] = [];
    for (const {arm, one} of armed) {
      // The same student measured twice would only differ by noise.
      models.push({arm, ...(one === first ? shared.student : await measure(await open(one.path)))});
    }
    const cost = models.length > 0 ? {...shared, models} : shared;
    fs.writeFileSync(ctx.out.cost, `${JSON.stringify(cost, null, 1)}\n`);
  },
});
