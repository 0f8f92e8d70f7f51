import {z} from 'zod';

/** The shape of a student, as `student` in pipeline.yaml has it: what `plain` and `ltd` must share to be comparable. */
export const studentShape = z.strictObject({
  /** What the student reads: words, the teacher's pieces, or characters. */
  unit: z.enum(['word', 'piece', 'character']).default('word'),
  /** Rows of the embedding table at most, padding and unknown included. */
  vocabulary: z.int().min(3).default(20_000),
  /** Width of an embedding. */
  embedding: z.int().positive().default(100),
  /** Width of the LSTM, each way. */
  hidden: z.int().positive().default(100),
  /** How token states become the sentence's: by IDF weights (LTD-BERT), evenly, the largest, or the last ones. */
  pooling: z.enum(['idf', 'mean', 'max', 'last']).default('idf'),
  /** Added to IDF / pieces before the weights are normalised. */
  smoothing: z.number().nonnegative().default(0.1),
  /** Tokens beyond these are not read. */
  maxTokens: z.int().positive().default(40),
});

export type StudentShape = z.output<typeof studentShape>;

/** config.json of a student folder. */
export interface StudentConfig extends StudentShape {
  readonly model: 'bilstm';
  readonly language: 'en' | 'zh';
  /** Width of the sentence vector: the teacher's. */
  readonly width: number;
}
