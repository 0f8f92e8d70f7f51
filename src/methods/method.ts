import type * as tf from '@tensorflow/tfjs-core';
import type {z} from 'zod';

/** What a sentence-level method sees of one batch: both [batch, dim], the teacher's read from its Arrow file. */
export interface SentencePair {
  readonly student: tf.Tensor2D;
  readonly teacher: tf.Tensor2D;
}

/** One summand of a method's loss. The weight may move with progress in [0, 1]: annealing is one visible expression. */
export interface Term {
  readonly name: string;
  readonly weight: number | ((progress: tf.Scalar) => tf.Scalar);
  /** What a row is: a sentence, which it is by default, or a piece of one, [token · batch, dim]. */
  readonly of?: 'pieces';
  /** One value per row: [batch]. */
  perExample(pair: SentencePair): tf.Tensor1D;
}

/** A distillation method: which terms, in which weights. One file in `src/methods/`, found by its name. */
export interface Method<S extends z.ZodType> {
  readonly learns: 'vectors';
  readonly description: string;
  /** Where the formula stands: paper, equation. */
  readonly source: string;
  readonly params: S;
  terms(params: z.output<S>): readonly Term[];
}

export const defineMethod = <S extends z.ZodType>(method: Omit<Method<S>, 'learns'>): Method<S> => ({
  learns: 'vectors',
  ...method,
});
export type AnyMethod = Method<z.ZodType>;
