import {z} from 'zod';

/** The shape of a student, as `student` in pipeline.yaml has it: what `plain` and `ltd` must share to be comparable. */
export const studentShape = z.strictObject({
  /** A file of src/models/students/, and what only that kind of student has. */
  model: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .default('bilstm'),
  settings: z.record(z.string(), z.unknown()).default({}),
  /** What the student reads: words, USE-lite's pieces, characters, or the pieces of the teacher whose tokenizer.json is given. */
  unit: z.enum(['word', 'piece', 'character', 'teacher-piece']).default('word'),
  /** Rows of the embedding table at most, padding and unknown included. */
  vocabulary: z.int().min(3).default(20_000),
  /** Width of an embedding. */
  embedding: z.int().positive().default(100),
  /** Width of the states: of an LSTM each way, of an encoder's layers, of a convolution's channels. */
  hidden: z.int().positive().default(100),
  /** How token states become the sentence's: by IDF weights (LTD-BERT), evenly, the first, the largest, or the last ones. */
  pooling: z.enum(['idf', 'mean', 'cls', 'max', 'last']).default('idf'),
  /** Added to IDF / pieces before the weights are normalised. */
  smoothing: z.number().nonnegative().default(0.1),
  /** Tokens beyond these are not read. */
  maxTokens: z.int().positive().default(40),
});

export type StudentShape = z.output<typeof studentShape>;

/** config.json of a student folder. */
export interface StudentConfig extends StudentShape {
  readonly language: 'en' | 'zh';
  /** Width of the sentence vector: the teacher's. */
  readonly width: number;
}
