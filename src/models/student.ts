import type * as tf from '@tensorflow/tfjs-core';
import type {z} from 'zod';
import type {HostTensor, ModelContext, Tensors} from '../engine/types.ts';
import type {Draws} from './bilstm.ts';
import type {StudentShape} from './student-config.ts';

/** Sizes that every kind of student has. */
export interface StudentSizes extends Pick<StudentShape, 'embedding' | 'hidden'> {
  /** Rows of the embedding table, padding (row 0) included. */
  readonly vocabulary: number;
  /** Of the sentence vector: the teacher's. */
  readonly width: number;
}

export interface SentenceOptions<S> {
  readonly pooling: StudentShape['pooling'];
  readonly settings: S;
}

/**
 * A kind of student: embeddings `embedding` [token, dim], and whatever makes one vector of a sentence from them. One file
 * in `src/models/students/`, found by its name.
 */
export interface StudentModel<S extends z.ZodType> {
  readonly description: string;
  /** What only this kind has: `student: {model: NAME, settings: {…}}`. */
  readonly settings: S;
  /** 2 where a batch shall hold each sentence reversed as well: `ids` [direction, token, batch]. */
  readonly directions: 1 | 2;
  /** Tables by token id, of which a step changes only the rows that it looked up. */
  readonly tables: readonly string[];
  /** How it can make one vector of its states. */
  readonly poolings: readonly StudentShape['pooling'][];
  /** Initial values. Sizes that do not go together are refused, with what would make them do. */
  init(sizes: StudentSizes, settings: z.output<S>, random: Draws): Record<string, HostTensor>;
  /** Sentence vectors [batch, width] of a batch of sentence-batch.ts. Padding never changes a result. */
  sentence(p: Tensors, batch: Tensors, ctx: ModelContext, options: SentenceOptions<z.output<S>>): tf.Tensor2D;
  /** The same, and a vector of each token; kinds without it cannot be fitted to the teacher's pieces. */
  pieces?(p: Tensors, batch: Tensors, ctx: ModelContext, options: SentenceOptions<z.output<S>>): SentenceAndPieces;
}

/** Vectors of sentences, [batch, width], and of their tokens, [token · batch, width]: token t of row r at t · batch + r. */
export interface SentenceAndPieces {
  readonly sentence: tf.Tensor2D;
  readonly pieces: tf.Tensor2D;
}

export const defineStudent = <S extends z.ZodType>(model: StudentModel<S>): StudentModel<S> => model;
export type AnyStudent = StudentModel<z.ZodType>;

/** What computing sentence vectors takes, whatever kind of student it is. */
export interface StudentForward {
  readonly directions: 1 | 2;
  readonly tables: readonly string[];
  sentence(p: Tensors, batch: Tensors, ctx: ModelContext): tf.Tensor2D;
  pieces?(p: Tensors, batch: Tensors, ctx: ModelContext): SentenceAndPieces;
}

/** A student of a chosen shape. */
export interface StudentNetwork extends StudentForward {
  init(random: Draws): Record<string, HostTensor>;
}
