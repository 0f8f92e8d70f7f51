import {z} from 'zod';

const share = z.number().min(0).lt(1);

/** Settings of a training that are the same for one task and for several; defaults are BERT's and BAM's where they agree. */
export const trainingSettings = {
  epochs: z.int().positive().default(3),
  /** Examples of a step. */
  batch: z.int().positive().default(32),
  /** Pieces of one run of the engine, padding included: a step's examples are sorted by length and run in parts. */
  runPieces: z.int().positive().default(512),
  /**
   * Steps whose examples are drawn together and then dealt out by length: less padding, and steps that mix tasks less, since
   * lengths differ from task to task. 1, as in the paper: each step is a draw of its own.
   */
  stepsByLength: z.int().positive().default(1),
  learningRate: z.number().positive().default(5e-5),
  /** Each layer below has this share of the rate of the one above; 1: all alike. */
  layerDecay: z.number().gt(0).max(1).default(0.9),
  /** Share of the steps in which the rate grows; then it falls to 0 in a straight line. */
  warmup: share.default(0.1),
  weightDecay: z.number().min(0).default(0.01),
  epsilon: z.number().positive().default(1e-6),
  clipNorm: z.number().positive().default(1),
  maxPieces: z.int().positive().default(128),
  /** On the pooled first token. */
  headDropout: share.default(0.1),
  /** Of the encoder; by default what its config.json says. */
  dropout: share.optional(),
  /** Scores pass through a sigmoid: the article's wording; its released code leaves it out. */
  sigmoid: z.boolean().default(false),
  /** Which splits are predicted. */
  splits: z
    .array(z.enum(['dev', 'test']))
    .nonempty()
    .default(['dev', 'test']),
  /** Seeds whose trained model is kept, or all, or none: of the others the folder says only that it was not. */
  keepModel: z.union([z.boolean(), z.array(z.int())]).default(true),
  seed: z.int(),
};

export type TrainingSettings = z.output<z.ZodObject<typeof trainingSettings>>;

export const keepsModel = ({keepModel, seed}: Pick<TrainingSettings, 'keepModel' | 'seed'>): boolean =>
  Array.isArray(keepModel) ? keepModel.includes(seed) : keepModel;
