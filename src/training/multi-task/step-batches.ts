import type {Batch} from '../../engine/types.ts';
import {paddedLength} from '../../models/sentence-batch.ts';
import type {EncodedExample, TrainingExample} from './encode.ts';
import type {HeadLayout} from './heads.ts';

export interface StepOptions {
  readonly layout: HeadLayout;
  /** Examples of a full step: no run has more rows. */
  readonly batch: number;
  /** Pieces of one run of the engine, padding included. */
  readonly runPieces: number;
  /** Most tokens that the encoder takes. */
  readonly positions: number;
  /** What a task's losses count. */
  readonly weightOf: (task: number) => number;
  /** Whether batches hold the teacher's targets. */
  readonly hasTeacher: boolean;
}

/** [row, token] of texts. */
const tokenBatch = (texts: readonly EncodedExample[], rows: number, tokens: number): Batch => {
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

interface StepPart {
  readonly members: readonly TrainingExample[];
  readonly rows: number;
  readonly tokens: number;
}

/** Longest first: each part takes as many rows as `runPieces` allow, a power of two or the whole step: one shape a length. */
const partsOf = (examples: readonly TrainingExample[], {batch, runPieces, positions}: StepOptions): StepPart[] => {
  const sorted = examples.toSorted((a, b) => b.ids.length - a.ids.length);
  const parts: StepPart[] = [];
  for (let from = 0; from < sorted.length; from += parts.at(-1)!.rows) {
    const tokens = Math.min(paddedLength(Math.max(1, sorted[from]!.ids.length)), positions);
    const rows = Math.min(batch, 2 ** Math.floor(Math.log2(Math.max(1, runPieces / tokens))));
    parts.push({members: sorted.slice(from, from + rows), rows, tokens});
  }
  return parts;
};

/**
 * One step's examples as the parts that the engine runs one after the other, alike ones in length together: what a step
 * learns from is a random draw of all tasks, and yet little of it is padding. The engine takes the mean over the parts, so
 * the rows' weights carry their number: the loss is Σ weight · ℓ, divided by `divisor`.
 */
export const stepBatches = (examples: readonly TrainingExample[], divisor: number, options: StepOptions): Batch[] => {
  const {layout, weightOf, hasTeacher} = options;
  const {columns} = layout;
  const parts = partsOf(examples, options);
  return parts.map(({members, rows, tokens}) => {
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
      weights[row] = (weightOf(example.task) * parts.length) / divisor;
    }
    const perRow = (data: Float32Array) => ({dtype: 'float32', shape: [rows, columns], data}) as const;
    return {
      ...tokenBatch(members, rows, tokens),
      ...{own: perRow(own), scored: perRow(scored), gold: perRow(gold)},
      ...(hasTeacher && {teacher: perRow(teacher)}),
      weights: {dtype: 'float32', shape: [rows], data: weights},
    };
  });
};
