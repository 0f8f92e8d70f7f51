import * as tf from '@tensorflow/tfjs-core';
import {gradientAt, withRows} from '../../engine/nested-gradient.ts';
import type {LossFunction, ModelContext, Tensors} from '../../engine/types.ts';
import type {Perturbation, TaskPlan, TaskView} from '../../methods/task-method.ts';
import {reportTerms, sumOf, termValues} from '../../methods/weighted-terms.ts';
import type {TermValue} from '../../methods/weighted-terms.ts';
import {replayedDropout} from './replayed-dropout.ts';
import type {TaskStudent} from './student.ts';

export interface TaskLossOptions {
  readonly student: Pick<TaskStudent, 'forward' | 'table' | 'batchAxis'>;
  readonly plan: TaskPlan;
  readonly kind: 'classification' | 'regression';
}

/** Parameters of the linear map `name`: kernel [inputs, outputs] and bias. */
export const mapParameters = (name: string): readonly [string, string] => [`map.${name}.kernel`, `map.${name}.bias`];

/** A step's loss: every term of the method, each reported as it is and times its weight. */
export const taskLoss =
  ({student, plan, kind}: TaskLossOptions): LossFunction =>
  (p, batch, ctx) => {
    const values = (own: ModelContext): TermValue[] =>
      termValues(plan.terms, viewOf(p, batch, own, {student, plan, kind}), ctx.progress);
    const {perturbation} = plan;
    const found = perturbation ? perturbed(values, batch, ctx, student, perturbation) : values(ctx);
    reportTerms(found, (name, value) => ctx.report(name, value));
    return sumOf(found);
  };

/**
 * LRC-BERT's gradient perturbation: the loss, its gradient by what the student looked up in its embedding table, that added
 * to the rows (a constant there), and the loss once more, which is the one that is learnt from. Both passes have the same
 * dropout, so that they differ by the perturbation alone.
 */
const perturbed = (
  values: (ctx: ModelContext) => TermValue[],
  batch: Tensors,
  ctx: ModelContext,
  {table, batchAxis}: Pick<TaskStudent, 'table' | 'batchAxis'>,
  perturbation: Perturbation,
): TermValue[] => {
  const rows = ctx.lookup(table, batch['ids']!);
  const dropout = replayedDropout(ctx);
  const {gradient} = gradientAt(x => sumOf(values(withRows(dropout.first, table, x))), rows);
  const moved = tf.add(rows, tf.mul(step(gradient, perturbation.kind, batchAxis), perturbation.epsilon));
  const found = values(withRows(dropout.again(), table, moved));
  dropout.release();
  return found;
};

/** The gradient as it is, or each example's brought to length 1 (Miyato et al. 2017, equation 5). */
const step = (gradient: tf.Tensor, kind: Perturbation['kind'], batchAxis: number): tf.Tensor => {
  if (kind === 'raw') return gradient;
  const others = gradient.shape.flatMap((_, axis) => (axis === batchAxis ? [] : [axis]));
  // Padded rows have a gradient of zeros, and keep it.
  return tf.mul(gradient, tf.rsqrt(tf.add(tf.sum(tf.square(gradient), others, true), 1e-20)));
};

const viewOf = (p: Tensors, batch: Tensors, ctx: ModelContext, {student, plan, kind}: TaskLossOptions): TaskView => ({
  kind,
  student: student.forward(p, batch, ctx, {scores: plan.needs.scores.length > 0}),
  teacher: {
    // A getter: a method without a teacher has no such entry.
    get logits() {
      return batch['teacher.logits'] as tf.Tensor2D;
    },
    state: layer => batch[`teacher.state.${layer}`] as tf.Tensor2D,
    tokens: layer => batch[`teacher.tokens.${layer}`] as tf.Tensor3D,
    scores: layer => batch[`teacher.scores.${layer}`] as tf.Tensor4D,
  },
  negatives: layer => batch[`negatives.${layer}`] as tf.Tensor3D,
  negativeShare: () => batch['share'] as tf.Tensor2D,
  targets: batch['targets'] as tf.Tensor2D,
  rowWeights: batch['exampleWeights'] as tf.Tensor1D,
  mask: () => batch['mask'] as tf.Tensor2D,
  map: (name, x) => {
    const [kernel, bias] = mapParameters(name);
    const [inputs, outputs] = plan.maps[name]!;
    const flat = tf.reshape(x, [-1, inputs]);
    const mapped = tf.add(tf.matMul(flat as tf.Tensor2D, p[kernel] as tf.Tensor2D), p[bias]!);
    return tf.reshape(mapped, [...x.shape.slice(0, -1), outputs]) as typeof x;
  },
});
