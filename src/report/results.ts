import {z} from 'zod';
import {InputError} from './input-error.ts';
import {compareCodeUnits} from './order.ts';

/** One run's value of one metric: the finest number that a report knows. */
export const scoreSchema = z.looseObject({
  task: z.string(),
  split: z.string(),
  metric: z.string(),
  arm: z.string(),
  axis: z.record(z.string(), z.string()).default({}),
  /** null for an arm that has no chance in it. */
  seed: z.number().nullable(),
  value: z.number(),
});

/** One comparison of two arms on one task, as the significance stage made it. */
export const testSchema = z.looseObject({
  kind: z.string(),
  task: z.string(),
  a: z.string(),
  b: z.string(),
  p: z.number().nullable(),
  /** `p` after the correction for the number of comparisons. */
  adjusted: z.number().nullable(),
  effect: z.number().nullable(),
  n: z.array(z.number()),
  metric: z.string().optional(),
  split: z.string().optional(),
  axis: z.record(z.string(), z.string()).optional(),
  /** Centre of a minus centre of b. */
  difference: z.number().optional(),
  /** Both ends of the interval of `difference`. */
  interval: z.tuple([z.number(), z.number()]).nullable().optional(),
  /** The interval's confidence; 0.95 where it isn't said. */
  confidence: z.number().optional(),
  correction: z.string().optional(),
  /** How many comparisons the correction is for. */
  comparisons: z.number().optional(),
});

/** null where it has no meaning, as the cosine between vectors of different widths. */
const measured = z.number().nullable().optional();
const closeness = z.looseObject({heldOutCosine: measured, similaritySpearman: measured});

/** How close one student came to its teacher on sentences that it had never seen. */
export const distillationSchema = z.looseObject({
  arm: z.string(),
  seed: z.number().nullable(),
  final: closeness,
  untrained: closeness.optional(),
  bagOfWords: closeness.optional(),
  parameters: z.number().optional(),
  sentences: z.number().optional(),
  epochs: z.number().optional(),
});

/** A figure as its authors printed it. */
export const publishedSchema = z.looseObject({
  paper: z.string(),
  what: z.string(),
  value: z.string(),
  /** false: from memory or from a third party; the report says so beside the number. */
  verified: z.boolean(),
  source: z.string(),
  note: z.string().optional(),
  /** Which number of ours stands beside it. */
  ours: z.string().optional(),
});

const modelSize = z.object({name: z.string(), bytes: z.number(), parameters: z.number()});

export const resultsSchema = z.looseObject({
  schema: z.literal(1),
  pipeline: z.string(),
  profile: z.string(),
  /** The comparison that the experiment was made for: arm a against arm b. */
  headline: z.object({a: z.string(), b: z.string()}).optional(),
  scores: z.array(scoreSchema),
  tests: z.array(testSchema),
  distillation: z.array(distillationSchema).default([]),
  sizes: z.object({teacher: modelSize, student: modelSize}).nullable().default(null),
  published: z.array(publishedSchema),
});

export type Score = z.output<typeof scoreSchema>;
export type Test = z.output<typeof testSchema>;
export type Distillation = z.output<typeof distillationSchema>;
export type Published = z.output<typeof publishedSchema>;
export type Results = z.output<typeof resultsSchema>;

/** Reads results.json; `where` names the file in the message of what is wrong with it. */
export const parseResults = (text: string, where: string): Results =>
  checked(resultsSchema, parseJson(text, where), where);

export const parseJson = (text: string, where: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${where} isn't JSON: ${(error as Error).message}`, {cause: error});
  }
};

/** `value` as `schema` says, or an error that names the place and lists what is wrong (the first five). */
export const checked = <S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> => {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issues = read.error.issues.slice(0, 5).map(issue => `  ${issue.path.join('.') || '(top)'}: ${issue.message}`);
  const more = read.error.issues.length - issues.length;
  throw new InputError(
    [`${where} isn't what was expected:`, ...issues, ...(more > 0 ? [`  … and ${more} more`] : [])].join('\n'),
  );
};

type Ordered = readonly (string | number | null | undefined)[];

const byKeys =
  <T>(keys: (item: T) => Ordered) =>
  (a: T, b: T): number => {
    const [x, y] = [keys(a), keys(b)];
    for (let i = 0; i < x.length; i++) {
      const [u, v] = [x[i] ?? '', y[i] ?? ''];
      const order = typeof u === 'number' && typeof v === 'number' ? u - v : compareCodeUnits(String(u), String(v));
      if (order !== 0) return order;
    }
    return 0;
  };

const flat = (axis: Readonly<Record<string, string>> | undefined): string => JSON.stringify(axis ?? {});

/**
 * results.json: full precision, a fixed order, one score or test a line, so that a changed number is a changed line in
 * git whatever order the stages' files were read in.
 */
export const formatResults = (results: Results): string => {
  const sorted: Results = {
    ...results,
    scores: results.scores.toSorted(byKeys(s => [s.task, s.split, s.metric, flat(s.axis), s.arm, s.seed])),
    tests: results.tests.toSorted(byKeys(t => [t.kind, t.a, t.b, t.task, t.split, t.metric, flat(t.axis)])),
    distillation: results.distillation.toSorted(byKeys(d => [d.arm, d.seed])),
  };
  const lines = Object.entries(sorted)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const isList = Array.isArray(value) && value.length > 0;
      const text = isList ? `[\n${value.map(v => `    ${JSON.stringify(v)}`).join(',\n')}\n  ]` : JSON.stringify(value);
      return `  ${JSON.stringify(key)}: ${text}`;
    });
  return `{\n${lines.join(',\n')}\n}\n`;
};
