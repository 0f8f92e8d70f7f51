import type {Random} from '../../math/random.ts';
import {copiesAndWeights, samplingShares, weightsAlone} from './task-weights.ts';
import type {TaskWeight} from './task-weights.ts';

/**
 * How tasks share the training. `copies`: copies of small sets and loss weights, `weights`: loss weights alone, `sampling`:
 * each example of a batch draws its task, all by |D|^exponent; `none`: every example counts the same.
 */
export interface Balance {
  readonly by: 'copies' | 'weights' | 'sampling' | 'none';
  readonly exponent: number;
}

export interface Mixture {
  readonly balance: Balance;
  /** Training examples of each task. */
  readonly sizes: readonly number[];
  readonly taskWeights: readonly TaskWeight[];
  /** Examples of an epoch, copies included. */
  readonly examples: number;
}

export const mixtureOf = (sizes: readonly number[], balance: Balance): Mixture => {
  const alike = sizes.map((): TaskWeight => ({copies: 1, weight: 1}));
  const {by, exponent} = balance;
  const taskWeights =
    by === 'copies' ? copiesAndWeights(sizes, exponent) : by === 'weights' ? weightsAlone(sizes, exponent) : alike;
  const examples = sizes.reduce((sum, size, at) => sum + size * taskWeights[at]!.copies, 0);
  return {balance, sizes, taskWeights, examples};
};

/**
 * The examples of one epoch in the order in which they are seen, all tasks mixed, as positions in the list of all tasks'
 * examples end to end. Depends on `random` alone, so an epoch's order is the same after a restart.
 */
export const epochOrder = (mixture: Mixture, random: Random): Uint32Array => {
  const {sizes, taskWeights, examples, balance} = mixture;
  const starts: number[] = [];
  let next = 0;
  for (const size of sizes) {
    starts.push(next);
    next += size;
  }
  if (balance.by === 'sampling') return sampled(mixture, starts, random);
  const order = new Uint32Array(examples);
  let filled = 0;
  for (const [task, size] of sizes.entries())
    for (let copy = 0; copy < taskWeights[task]!.copies; copy++)
      for (let at = 0; at < size; at++) order[filled++] = starts[task]! + at;
  return random.shuffle(order);
};

/** A task for each place, and its examples one after the other, shuffled anew when all were seen. */
const sampled = ({sizes, examples, balance}: Mixture, starts: readonly number[], random: Random): Uint32Array => {
  const shares = samplingShares(sizes, balance.exponent);
  const queues = sizes.map(() => ({left: new Uint32Array(0), at: 0}));
  const order = new Uint32Array(examples);
  for (let place = 0; place < examples; place++) {
    let point = random.uniform();
    let task = 0;
    while (task < sizes.length - 1 && point >= shares[task]!) point -= shares[task++]!;
    const queue = queues[task]!;
    if (queue.at === queue.left.length) {
      queue.left = random.shuffle(Uint32Array.from({length: sizes[task]!}, (_, at) => starts[task]! + at));
      queue.at = 0;
    }
    order[place] = queue.left[queue.at++]!;
  }
  return order;
};
