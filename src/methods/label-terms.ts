import {logitsSquaredError, softCrossEntropy, softKl} from '../math/distillation-losses.ts';
import {softmaxCrossEntropy, squaredError, weightedMean} from '../math/losses.ts';
import type {TaskTerm, Weight} from './task-method.ts';

/** Gold labels: cross-entropy, or the squared error of a score. */
export const hardTerm = (weight: Weight): TaskTerm => ({
  name: 'hard',
  weight,
  loss: ({kind, student, targets, rowWeights}) =>
    weightedMean(
      kind === 'classification' ? softmaxCrossEntropy(student.logits, targets) : squaredError(student.logits, targets),
      rowWeights,
    ),
});

/**
 * The teacher's labels at a temperature: T² · KL, or cross-entropy without T². A score has no distribution, so for
 * regression it is the squared distance to the teacher's score.
 */
export const softTerm = (
  weight: Weight,
  {temperature, by}: {readonly temperature: number; readonly by: 'kl' | 'cross-entropy'},
): TaskTerm => ({
  name: 'soft',
  weight,
  loss: ({kind, student, teacher, rowWeights}) => {
    const divergence = by === 'kl' ? softKl : softCrossEntropy;
    return weightedMean(
      kind === 'classification'
        ? divergence(student.logits, teacher.logits, temperature)
        : squaredError(student.logits, teacher.logits),
      rowWeights,
    );
  },
});

/** Logits as they are: mean squared error. */
export const logitsTerm = (weight: Weight): TaskTerm => ({
  name: 'logits',
  weight,
  loss: ({student, teacher, rowWeights}) =>
    weightedMean(logitsSquaredError(student.logits, teacher.logits), rowWeights),
});
