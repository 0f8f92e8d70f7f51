import {z} from 'zod';

const share = z.number().min(0).lt(1);

/** Settings that continuing a pre-training and distilling one share. */
export const wordSettings = {
  /** So many sentences are read, held-out ones included; a seeded choice. */
  sentences: z.int().positive().default(200_000),
  heldOut: z.int().positive().default(1000),
  maxTokens: z.int().min(4).default(64),
  epochs: z.int().positive().default(1),
  /** Sentences of one run, and runs of one update. */
  batch: z.int().positive().default(32),
  accumulate: z.int().min(1).max(127).default(1),
  masking: z
    .strictObject({
      /** Of all tokens. */
      share: z.number().gt(0).lt(1).default(0.15),
      /** How much rarer words are preferred: a piece's chance is its count to the power of minus this. */
      smoothing: z.number().min(0).default(0.7),
    })
    .prefault({}),
  warmup: share.default(0.05),
  clipNorm: z.number().positive().default(5),
  beta2: share.default(0.98),
  epsilon: z.number().positive().default(1e-6),
  weightDecay: z.number().nonnegative().default(0),
  checkpointSteps: z.int().positive().default(50),
  seed: z.int(),
};

export type WordSettings = z.output<z.ZodObject<typeof wordSettings>>;
