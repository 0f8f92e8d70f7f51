import {z} from 'zod';

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
  /** The instance whose predictions were scored: from there a diff follows the edges of the DAG. */
  from: z.string().optional(),
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
  from: z.string().optional(),
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

const sizes = z.object({
  teacher: modelSize,
  student: modelSize,
  /** BERT-base, where papers compare with it and the teacher is another model. */
  bertBase: modelSize.optional(),
  /** Every model that was measured, by the arm whose scores it made. */
  models: z.array(modelSize.extend({arm: z.string()})).optional(),
});

export const resultsSchema = z.looseObject({
  schema: z.literal(1),
  pipeline: z.string(),
  profile: z.string(),
  /** The comparison that the experiment was made for: arm a against arm b. */
  headline: z.object({a: z.string(), b: z.string()}).optional(),
  scores: z.array(scoreSchema),
  tests: z.array(testSchema),
  distillation: z.array(distillationSchema).default([]),
  sizes: sizes.nullable().default(null),
  published: z.array(publishedSchema),
});

export type Score = z.output<typeof scoreSchema>;
export type Test = z.output<typeof testSchema>;
export type Distillation = z.output<typeof distillationSchema>;
export type Published = z.output<typeof publishedSchema>;
export type Results = z.output<typeof resultsSchema>;
