import type * as tf from '@tensorflow/tfjs-core';
import type {z} from 'zod';

/** What one network says of a batch of examples. Layer 0 is the embeddings', the last layer's number is `layers`. */
export interface TaskOutputs {
  /** [batch, label], or [batch, 1] for a score. */
  readonly logits: tf.Tensor2D;
  /** One vector an example after a layer (of its first token, or the mean): [batch, width]. */
  readonly state: (layer: number) => tf.Tensor2D;
  /** [batch, token, width] */
  readonly tokens: (layer: number) => tf.Tensor3D;
  /** Attention before the softmax, layers from 1: [batch, head, token, token]. */
  readonly scores: (layer: number) => tf.Tensor4D;
}

/** What a term sees of one batch. */
export interface TaskView {
  readonly kind: 'classification' | 'regression';
  readonly student: TaskOutputs;
  /** Dropout is off in it, and no gradient goes into it. Asking for what the plan's `needs` does not name is an error. */
  readonly teacher: TaskOutputs;
  /** States of other examples after a teacher's layer: [batch, K, width]; only with negatives from the bank. */
  negatives(layer: number): tf.Tensor3D;
  /** [batch, batch]: 1/K where example j is a negative of example i; only with negatives from the batch. */
  negativeShare(): tf.Tensor2D;
  /** One-hot labels [batch, label], or scores scaled to [0, 1]. */
  readonly targets: tf.Tensor2D;
  /** [batch], 0 for rows that hold no example. */
  readonly rowWeights: tf.Tensor1D;
  /** [batch, token]; encoders only. */
  mask(): tf.Tensor2D;
  /** The linear map of that name, on the last axis. */
  map<T extends tf.Tensor>(name: string, x: T): T;
}

export type Weight = number | ((progress: tf.Scalar) => tf.Scalar);

/** One summand of a task method's loss. The weight may move with progress in [0, 1]. */
export interface TaskTerm {
  readonly name: string;
  readonly weight: Weight;
  /** Averaged over the batch's examples. */
  loss(view: TaskView): tf.Scalar;
}

/** Shapes that decide whether, and how, a method fits a student. */
export interface TaskFacts {
  readonly kind: 'classification' | 'regression';
  readonly batch: number;
  readonly student: NetworkFacts & {readonly model: 'encoder' | 'bilstm'};
  readonly teacher: NetworkFacts;
}

export interface NetworkFacts {
  readonly layers: number;
  /** Of the vectors that `state` gives. */
  readonly width: number;
  /** 0 where there is no attention. */
  readonly heads: number;
}

/** How the student's word embeddings are changed before the pass that is learnt from. */
export interface Perturbation {
  /** raw: by the loss's gradient as it is; normalised: by `epsilon` in its direction, for each example. */
  readonly kind: 'raw' | 'normalised';
  /** Factor of the raw gradient, or length of the normalised one. */
  readonly epsilon: number;
}

/** A method made ready for one student and teacher. */
export interface TaskPlan {
  readonly terms: readonly TaskTerm[];
  /** Linear maps to be learnt, by name: [inputs, outputs]. */
  readonly maps: Readonly<Record<string, readonly [number, number]>>;
  readonly needs: TeacherNeeds;
  readonly perturbation: Perturbation | null;
}

/** What of the teacher is needed beyond its logits. */
export interface TeacherNeeds {
  /** Layers whose `state` is asked for. */
  readonly states: readonly number[];
  /** Layers whose `tokens` or `scores` are asked for: the teacher then runs beside the student, step by step. */
  readonly tokens: readonly number[];
  readonly scores: readonly number[];
  readonly negatives: {readonly count: number; readonly from: 'batch' | 'bank'} | null;
  /** False for a method without a teacher. */
  readonly logits: boolean;
}

export const noNeeds: TeacherNeeds = {states: [], tokens: [], scores: [], negatives: null, logits: true};

/** Why a method does not fit a student; a sentence for the user. */
export class MethodRefusal extends Error {
  override readonly name = 'MethodRefusal';
}

/** A method that distils a task: one file in `src/methods/`, found by its name. */
export interface TaskMethod<S extends z.ZodType> {
  readonly learns: 'task';
  readonly description: string;
  /** Where the formula stands: paper, equation. */
  readonly source: string;
  readonly params: S;
  /** Throws a MethodRefusal where student, teacher and method make no sense together. */
  plan(params: z.output<S>, facts: TaskFacts): TaskPlan;
}

export const defineTaskMethod = <S extends z.ZodType>(method: Omit<TaskMethod<S>, 'learns'>): TaskMethod<S> => ({
  learns: 'task',
  ...method,
});
export type AnyTaskMethod = TaskMethod<z.ZodType>;
