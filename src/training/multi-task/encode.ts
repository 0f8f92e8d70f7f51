import type {Example} from '../../tasks/task.ts';
import type {PieceTokenizer} from '../../text/tokenizer.ts';
import type {HeadLayout} from './heads.ts';
import {targetsOf} from '../targets.ts';

/** A text or a pair as the encoder reads it. */
export interface EncodedExample {
  readonly ids: Int32Array;
  /** Pieces of token type 0, which come first. */
  readonly first: number;
}

/** A labelled example of one of the tasks. */
export interface TrainingExample extends EncodedExample {
  /** Position of its task in the layout. */
  readonly task: number;
  readonly id: string;
  /** [outputs of the task]: one-hot label, or the score scaled to [0, 1]. */
  readonly gold: Float32Array;
  /** What the teacher says in the same form; null without one. */
  readonly teacher: Float32Array | null;
}

/** One task's part of the training. */
export interface TaskExamples {
  readonly examples: readonly Example[];
  /** Pairs are learnt in both orders. */
  readonly bothOrders: boolean;
  /** Soft targets by id, in the order of the text or swapped; null without a teacher. */
  readonly teacher: ((id: string, swapped: boolean) => Float32Array) | null;
}

export const encodeTexts = (
  tokenizer: PieceTokenizer,
  text1: string,
  text2: string | null,
  maxPieces: number,
): EncodedExample => {
  if (text2 === null) {
    const ids = tokenizer.encode(text1, maxPieces);
    return {ids, first: ids.length};
  }
  const {ids, types} = tokenizer.encodePair(text1, text2, maxPieces);
  const first = types.indexOf(1);
  return {ids, first: first < 0 ? ids.length : first};
};

/** The examples of all tasks end to end, in the order of the layout; swapped pairs behind those of their task. */
export const encodeTasks = (
  {heads}: HeadLayout,
  tasks: readonly TaskExamples[],
  tokenizer: PieceTokenizer,
  maxPieces: number,
): {readonly examples: readonly TrainingExample[]; readonly sizes: readonly number[]} => {
  const all: TrainingExample[] = [];
  const sizes = heads.map(({task, outputs}, at) => {
    const {examples, bothOrders, teacher} = tasks[at]!;
    const gold = targetsOf(task, examples);
    for (const swapped of bothOrders ? [false, true] : [false]) {
      for (const [row, {id, text1, text2}] of examples.entries()) {
        const [first, second] = swapped ? [text2 ?? '', text1] : [text1, text2];
        all.push({
          ...encodeTexts(tokenizer, first, second, maxPieces),
          ...{task: at, id, teacher: teacher?.(id, swapped) ?? null},
          gold: gold.subarray(row * outputs, (row + 1) * outputs),
        });
      }
    }
    return examples.length * (bothOrders ? 2 : 1);
  });
  return {examples: all, sizes};
};
