import type {Random} from '../../src/stats.ts';

/** Scores of one arm's runs: how they are spread is what tests are sensitive to. */
export const shapes = {
  normal: random => random.normal(),
  /** χ² with one degree of freedom: most runs near the bottom, a few far above. */
  skewed: random => {
    const value = random.normal();
    return value * value;
  },
  /** About nine different values: accuracies of a small development set. */
  tied: random => Math.round(2 * random.normal()),
  /** 0, 1 or 2. */
  discrete: random => Math.max(0, random.integer(10) - 4) >> 1,
} satisfies Record<string, (random: Random) => number>;

export type Shape = keyof typeof shapes;

export const draw = (shape: Shape, n: number, random: Random): Float64Array =>
  Float64Array.from({length: n}, () => shapes[shape](random));
