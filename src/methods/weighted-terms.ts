import * as tf from '@tensorflow/tfjs-core';
import {z} from 'zod';
import type {TaskTerm, TaskView, Weight} from './task-method.ts';

/** A weight as pipeline.yaml has it: a number, or a straight line from the first step to the last. 0 leaves a term out. */
export const weight = z.union([
  z.number().nonnegative(),
  z.strictObject({from: z.number().nonnegative(), to: z.number().nonnegative()}),
]);

export const weightOf = (given: z.output<typeof weight>): Weight =>
  typeof given === 'number'
    ? given
    : progress => tf.add(given.from, tf.mul<tf.Scalar>(progress, given.to - given.from));

/** A weight that holds from `share` of the training on, or up to there; 0 otherwise. */
export const during =
  (own: Weight, share: number, when: 'before' | 'from'): Weight =>
  progress => {
    const isLater = tf.cast<tf.Scalar>(tf.greaterEqual(progress, share), 'float32');
    return tf.mul(weightAt(own, progress), when === 'from' ? isLater : tf.sub<tf.Scalar>(1, isLater));
  };

const weightAt = (own: Weight, progress: tf.Scalar): tf.Scalar =>
  typeof own === 'number' ? tf.mul(tf.onesLike(progress), own) : own(progress);

/** One term's values in one step: as it is, and times its weight. */
export interface TermValue {
  readonly name: string;
  readonly value: tf.Scalar;
  readonly weighted: tf.Scalar;
}

/** Every term is computed, those of weight 0 too: a curve of what an ablated loss does without being trained is worth it. */
export const termValues = (terms: readonly TaskTerm[], view: TaskView, progress: tf.Scalar): TermValue[] =>
  terms.map(term => {
    const value = term.loss(view);
    return {name: term.name, value, weighted: tf.mul(value, weightAt(term.weight, progress))};
  });

export const sumOf = (values: readonly TermValue[]): tf.Scalar =>
  values.map(({weighted}) => weighted).reduce((sum, part) => tf.add(sum, part));

/** Adds the values to the step's report, as `contrast` and `contrast weighted`. */
export const reportTerms = (values: readonly TermValue[], report: (name: string, value: tf.Scalar) => void): void => {
  for (const {name, value, weighted} of values) {
    report(name, value);
    report(`${name} weighted`, weighted);
  }
};
