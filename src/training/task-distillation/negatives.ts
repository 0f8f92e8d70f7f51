import type {Random} from '../../math/random.ts';

/** `count` different whole numbers of 0 … below − 1 without `self`, in the order of drawing; all there are where fewer. */
export const drawOthers = (random: Random, below: number, self: number, count: number): number[] => {
  const drawn = new Set<number>();
  const most = Math.min(count, below - 1);
  while (drawn.size < most) {
    const other = random.integer(below);
    if (other !== self) drawn.add(other);
  }
  return [...drawn];
};

/** [rows, rows]: 1/K where row j's state is a negative of row i; rows without an example have none and are none. */
export const negativeShare = (random: Random, members: number, rows: number, count: number): Float32Array => {
  const share = new Float32Array(rows * rows);
  for (let row = 0; row < members; row++) {
    const others = drawOthers(random, members, row, count);
    for (const other of others) share[row * rows + other] = 1 / others.length;
  }
  return share;
};

/** States of K others for each of `members`, [rows, K, width]: the memory bank is all states of the training set. */
export const bankNegatives = (
  bank: Float32Array,
  width: number,
  chosen: readonly (readonly number[])[],
  rows: number,
): Float32Array => {
  const count = chosen[0]?.length ?? 0;
  const states = new Float32Array(rows * count * width);
  chosen.forEach((others, row) =>
    others.forEach((other, at) =>
      states.set(bank.subarray(other * width, (other + 1) * width), (row * count + at) * width),
    ),
  );
  return states;
};
