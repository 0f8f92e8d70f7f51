import type {Random} from '../../math/random.ts';

export interface ByLengthOptions {
  /** Examples of a step. */
  readonly batch: number;
  /** How many steps share out their examples. */
  readonly steps: number;
  readonly lengthOf: (example: number) => number;
  readonly random: Random;
}

/**
 * The same examples in an order in which each step has similar lengths: those of `steps` steps in a row are sorted and dealt
 * out again, and the steps among them shuffled. A last step that is not full stays last, with the longest.
 */
export const byLength = (order: Uint32Array, {batch, steps, lengthOf, random}: ByLengthOptions): Uint32Array => {
  if (steps === 1) return order;
  const dealt = new Uint32Array(order.length);
  for (let from = 0; from < order.length; from += batch * steps) {
    const sorted = order.subarray(from, from + batch * steps).toSorted((a, b) => lengthOf(a) - lengthOf(b));
    const full = random.shuffle(Array.from({length: Math.floor(sorted.length / batch)}, (_, step) => step));
    for (const [place, step] of full.entries())
      dealt.set(sorted.subarray(step * batch, (step + 1) * batch), from + place * batch);
    dealt.set(sorted.subarray(full.length * batch), from + full.length * batch);
  }
  return dealt;
};
