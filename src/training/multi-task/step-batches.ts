import type {Batch} from '../../engine/types.ts';
import {paddedLength} from '../../models/sentence-batch.ts';
import type {EncodedExample, TrainingExample} from './encode.ts';
import type {HeadLayout} from './heads.ts';

export interface StepOptions {
  readonly layout: HeadLayout;
  /** Rows of one compiled run. */
  readonly rows: number;
  /** Most tokens that the encoder takes. */
  readonly positions: number;
  /** What a task's losses count. */
  readonly weightOf: (task: number) => number;
  /** Whether batches hold the teacher's targets. */
  readonly hasTeacher: boolean;
}

/** [row, token] of texts padded to one of few lengths. */
export const tokenBatch = (texts: readonly EncodedExample[], rows: number, positions: number): Batch => {
  const longest = Math.max(1, ...texts.map(({ids}) => ids.length));
  const tokens = Math.min(paddedLength(longest), positions);
  const ids = new Int32Array(rows * tokens);
  const types = new Int32Array(rows * tokens);
  const mask = new Float32Array(rows * tokens);
  for (const [row, text] of texts.entries()) {
    const [from, end] = [row * tokens, row * tokens + text.ids.length];
    ids.set(text.ids, from);
    types.fill(1, Math.min(end, from + text.first), end);
    mask.fill(1, from, end);
  }
  const shape = [rows, tokens];
  return {
    ids: {dtype: 'int32', shape, data: ids},
    types: {dtype: 'int32', shape, data: types},
    mask: {dtype: 'float32', shape, data: mask},
  };
};

/**
 * One step's examples as the parts that the engine runs one after the other, alike ones in length together: what a step
 * learns from is a random draw of all tasks, and yet little of it is padding. The engine takes the mean over the parts, so
 * the rows' weights carry their number: the loss is Σ weight · ℓ, divided by `divisor`.
 */
export const stepBatches = (
  examples: readonly TrainingExample[],
  divisor: number,
  {layout, rows, positions, weightOf, hasTeacher}: StepOptions,
): Batch[] => {
  const sorted = examples.toSorted((a, b) => a.ids.length - b.ids.length);
  const parts = Math.ceil(sorted.length / rows);
  const {columns} = layout;
  return Array.from({length: parts}, (_, part) => {
    const members = sorted.slice(part * rows, (part + 1) * rows);
    const matrix = (): Float32Array => new Float32Array(rows * columns);
    const [own, scored, gold, teacher] = [matrix(), matrix(), matrix(), matrix()];
    const weights = new Float32Array(rows);
    for (const [row, example] of members.entries()) {
      const {task, start, outputs} = layout.heads[example.task]!;
      const from = row * columns + start;
      own.fill(1, from, from + outputs);
      if (task.kind === 'regression') scored[from] = 1;
      gold.set(example.gold, from);
      if (example.teacher) teacher.set(example.teacher, from);
      weights[row] = (weightOf(example.task) * parts) / divisor;
    }
    const perRow = (data: Float32Array) => ({dtype: 'float32', shape: [rows, columns], data}) as const;
    return {
      ...tokenBatch(members, rows, positions),
      ...{own: perRow(own), scored: perRow(scored), gold: perRow(gold)},
      ...(hasTeacher && {teacher: perRow(teacher)}),
      weights: {dtype: 'float32', shape: [rows], data: weights},
    };
  });
};
