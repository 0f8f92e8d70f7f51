/** How often each example of a task is seen in an epoch, and what its loss counts. */
export interface TaskWeight {
  readonly copies: number;
  readonly weight: number;
}

/**
 * Tasks share the training by |D|^exponent (Clark et al. 2019, section 4.1: .75). As the authors' code does it: small sets
 * are copied to come near their share beside the largest set, which stays as it is, and loss weights do the rest; they are
 * scaled to a mean of 1 over tasks. `sizes`: training examples of each task, both orders of pairs counted where both are used.
 */
export const copiesAndWeights = (sizes: readonly number[], exponent: number): TaskWeight[] => {
  const largest = Math.max(...sizes);
  const copies = sizes.map(size => {
    const target = largest * (size / largest) ** exponent;
    // The hundredth as in the code: a target that is a half by rounding alone goes up.
    return Math.round((target + 0.01) / size);
  });
  const raw = sizes.map((size, at) => size ** exponent / (copies[at]! * size));
  const mean = raw.reduce((sum, weight) => sum + weight, 0) / sizes.length;
  return raw.map((weight, at) => ({copies: copies[at]!, weight: weight / mean}));
};

/** The same shares by loss weights alone: |D|^(exponent − 1), scaled to a mean of 1 over examples. */
export const weightsAlone = (sizes: readonly number[], exponent: number): TaskWeight[] => {
  const raw = sizes.map(size => size ** (exponent - 1));
  const examples = sizes.reduce((sum, size) => sum + size, 0);
  const mean = raw.reduce((sum, weight, at) => sum + weight * sizes[at]!, 0) / examples;
  return raw.map(weight => ({copies: 1, weight: weight / mean}));
};

/** Each task's probability when tasks are drawn by |D|^exponent, as the article words it. */
export const samplingShares = (sizes: readonly number[], exponent: number): number[] => {
  const raw = sizes.map(size => size ** exponent);
  const sum = raw.reduce((total, share) => total + share, 0);
  return raw.map(share => share / sum);
};
