import type {Batch, BatchInput} from '../../engine/types.ts';
import type {Random} from '../../math/random.ts';
import type {TeacherNeeds} from '../../methods/task-method.ts';
import type {BatchPlan} from '../../models/sentence-batch.ts';
import {bankNegatives, drawOthers, negativeShare} from './negatives.ts';
import type {Signals} from './signals.ts';

export interface StepEntriesOptions {
  /** [example, outputs] */
  readonly targets: Float32Array;
  readonly outputs: number;
  readonly needs: TeacherNeeds;
  /** null for a method without a teacher. */
  readonly signals: Signals | null;
}

/** The entries of a step's batch that are not what the student reads: gold labels, the teacher's signals, negatives. */
export const stepEntries = (
  {members, rows}: Pick<BatchPlan, 'members' | 'rows'>,
  {targets, outputs, needs, signals}: StepEntriesOptions,
  random: Random,
): Batch => {
  const entries: Record<string, BatchInput> = {};
  const add = (name: string, from: Float32Array, width: number): void => {
    const data = new Float32Array(rows * width);
    members.forEach((member, row) => data.set(from.subarray(member * width, (member + 1) * width), row * width));
    entries[name] = {dtype: 'float32', shape: [rows, width], data};
  };
  add('targets', targets, outputs);
  entries['exampleWeights'] = {
    ...{dtype: 'float32', shape: [rows]},
    data: Float32Array.from({length: rows}, (_, row) => (row < members.length ? 1 : 0)),
  };
  if (!signals) return entries;
  add('teacher.logits', signals.logits, outputs);
  const {width} = signals;
  for (const layer of new Set(needs.states)) add(`teacher.state.${layer}`, signals.states.get(layer)!, width);
  const {negatives} = needs;
  if (negatives?.from === 'batch') {
    const data = negativeShare(random, members.length, rows, negatives.count);
    entries['share'] = {dtype: 'float32', shape: [rows, rows], data};
  } else if (negatives) {
    const size = targets.length / outputs;
    const count = Math.min(negatives.count, size - 1);
    const chosen = members.map(member => drawOthers(random, size, member, count));
    for (const layer of new Set(needs.states)) {
      const data = bankNegatives(signals.states.get(layer)!, width, chosen, rows);
      entries[`negatives.${layer}`] = {dtype: 'float32', shape: [rows, count, width], data};
    }
  }
  return entries;
};
