import {z} from 'zod';

const count = z.int().positive();

/** `student` of stage distil-task: its shape is free, its pieces are the teacher's. */
export const taskStudentParams = z.discriminatedUnion('model', [
  z.strictObject({
    model: z.literal('encoder'),
    layers: count,
    /** Sizes of an encoder that starts from random weights; one that starts from another encoder has that one's. */
    width: count.optional(),
    heads: count.optional(),
    inner: count.optional(),
    /** random; teacher: layers of the input `teacher`; folder: layers of the input `start`. */
    start: z.enum(['random', 'teacher', 'folder']).default('random'),
    /** Which layers of it, from 0: `even` takes the first, the last and those between at even distances (DistilBERT's choice). */
    take: z.union([z.literal('even'), z.array(z.int().nonnegative()).nonempty()]).default('even'),
    dropout: z.number().min(0).lt(1).default(0.1),
  }),
  z.strictObject({
    model: z.literal('bilstm'),
    embedding: count.default(100),
    hidden: count.default(150),
    /** Of the sentence vector. */
    width: count.default(200),
    pooling: z.enum(['mean', 'max', 'last']).default('max'),
    headHidden: count.default(200),
    dropout: z.number().min(0).lt(1).default(0.2),
  }),
]);

export type TaskStudentParams = z.output<typeof taskStudentParams>;
export type EncoderStudentParams = Extract<TaskStudentParams, {model: 'encoder'}>;
