import {z} from 'zod';
import {gfm} from './table.ts';
import {fixed, megabytes, millions, plural} from './format.ts';

const model = z.looseObject({
  name: z.string(),
  bytes: z.number(),
  parameters: z.number(),
  sentencesPerSecond: z.looseObject({batch1: z.number(), batch32: z.number()}),
});

/** What size and speed were measured to be; written by the stage that measures, ratios are made here. */
export const costSchema = z.looseObject({
  teacher: model,
  student: model,
  /** BERT-base, where papers compare with it and the teacher is another model. */
  bertBase: model.optional(),
  /** Every model that was measured beside the teacher, by the arm whose scores it made. */
  models: z.array(model.extend({arm: z.string()})).optional(),
  threads: z.number(),
});

export type Cost = z.output<typeof costSchema>;

/** How many times smaller or faster the student is than what it is held against; > 1 is in its favour in every line. */
export interface Ratios {
  readonly bytes: number;
  readonly parameters: number;
  readonly speedBatch1: number;
  readonly speedBatch32: number;
}

export const ratiosOf = ({student, teacher}: Cost, against = teacher): Ratios => ({
  bytes: against.bytes / student.bytes,
  parameters: against.parameters / student.parameters,
  speedBatch1: student.sentencesPerSecond.batch1 / against.sentencesPerSecond.batch1,
  speedBatch32: student.sentencesPerSecond.batch32 / against.sentencesPerSecond.batch32,
});

/** What a model of an arm costs, beside its teacher. */
export type CostOfArm = Cost['teacher'] & {readonly teacher: Cost['teacher']};

/** Costs by arm: those that were measured so, else the student as the headline's first arm; the teacher's own as `teacher` and `teacher-lr`. */
export const costsByArm = (cost: Cost | null, headline: {readonly a: string} | undefined): Map<string, CostOfArm> => {
  if (!cost) return new Map();
  const {teacher, student} = cost;
  const models = cost.models ?? (headline ? [{...student, arm: headline.a}] : []);
  return new Map([
    ['teacher-lr', {...teacher, teacher}],
    ['teacher', {...teacher, teacher}],
    ...models.map(({arm, ...own}) => [arm, {...own, teacher}] as const),
  ]);
};

/** `18.6 times`; three figures are all that a timing is good for. */
export const times = (ratio: number): string =>
  `${ratio >= 100 ? fixed(ratio, 0) : fixed(ratio, ratio >= 10 ? 1 : 2)}×`;

const rate = (sentencesPerSecond: number): string =>
  Number(sentencesPerSecond.toPrecision(3)).toLocaleString('en-US', {maximumFractionDigits: 1});

/** The body of cost.md: everything about size and speed, so that index.md stays the same where only timings differ. */
export const costTable = (cost: Cost): string => {
  const {teacher, student, bertBase, models = []} = cost;
  const held = bertBase ? [teacher, bertBase] : [teacher];
  const ratios = held.map(against => ratiosOf(cost, against));
  const row = (what: string, of: (m: Cost['teacher']) => string, ratio: keyof Ratios): string[] => [
    what,
    ...held.map(of),
    of(student),
    ...ratios.map(found => times(found[ratio])),
  ];
  const others = models.filter(m => m.name !== student.name || m.bytes !== student.bytes);
  const table = gfm(
    [
      '',
      `Teacher: ${teacher.name}`,
      ...(bertBase ? [bertBase.name] : []),
      `Student: ${student.name}`,
      ...(bertBase ? ['Better than the teacher by', 'Better than BERT-base by'] : ['Student is better by']),
    ],
    [
      row('Size', m => megabytes(m.bytes), 'bytes'),
      row('Parameters', m => millions(m.parameters), 'parameters'),
      row('Sentences a second, one at a time', m => rate(m.sentencesPerSecond.batch1), 'speedBatch1'),
      row('Sentences a second, batches of 32', m => rate(m.sentencesPerSecond.batch32), 'speedBatch32'),
    ],
    ['left', ...[...held, student, ...held].map(() => 'right' as const)],
  );
  if (others.length === 0) return table;
  return [table, ...held.map((against, at) => modelTable(models, against, at === 0 ? '' : ' than BERT-base'))].join(
    '\n',
  );
};

/** Where more than one student was measured: each against the teacher, or BERT-base. */
const modelTable = (models: NonNullable<Cost['models']>, against: Cost['teacher'], than: string): string =>
  gfm(
    [
      ...['Arm', 'Model', 'Size', 'Parameters', `Smaller${than} by`],
      ...[`Faster${than} by, one at a time`, `Faster${than} by, batches of 32`],
    ],
    models.map(m => [
      m.arm,
      m.name,
      megabytes(m.bytes),
      millions(m.parameters),
      times(against.bytes / m.bytes),
      times(m.sentencesPerSecond.batch1 / against.sentencesPerSecond.batch1),
      times(m.sentencesPerSecond.batch32 / against.sentencesPerSecond.batch32),
    ]),
    ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
  );

export const costCaption = ({threads, bertBase}: Cost): string =>
  [
    `All ran on ${plural(threads, 'thread')} of the same machine. Timings vary from machine to machine and from run to run: trust the ratios.`,
    'A student’s size counts all that it needs to read a text, vocabulary and words’ IDF included.',
    ...(bertBase ? [`${bertBase.name}: 12 layers, 768 wide, arbitrary weights, on which neither size nor speed depends; its size is that of the weights alone.`] : []), // prettier-ignore
  ].join(' ');
