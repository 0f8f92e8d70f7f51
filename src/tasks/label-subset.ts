import {createRandom} from '../math/random.ts';
import type {Example} from './task.ts';

/**
 * The examples whose labels an arm may use: `count` of them at random (all where there are fewer), in the order of the
 * file. The choice depends on the seed and the number of examples only, so all arms of a seed learn from the same ones.
 */
export const labelSubset = (examples: readonly Example[], count: number | 'all', seed: number): Example[] => {
  if (count === 'all' || count >= examples.length) return [...examples];
  const order = createRandom(seed)
    .fork('labelled examples')
    .shuffle(Uint32Array.from(examples, (_, at) => at));
  return Array.from(order.subarray(0, count).sort(), at => examples[at]!);
};
