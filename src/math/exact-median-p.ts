import {median} from './descriptive.ts';
import {type Discrete, medianDistribution} from './median-distribution.ts';
import type {Numbers} from './ranks.ts';
import {type Alternative, clipToOne, type NullHypothesis} from './samples.ts';
import type {TestResult} from './statistic.ts';

/** Two lists of all pairs of middle values are the cost: 500 values have 125,000. */
const largest = 500;

/**
 * p of the bootstrap test of medians with infinitely many resamples: both medians' distributions under the null hypothesis
 * are known (`medianDistribution`), and P(T* ≥ T) is a sum over both. There is no Monte-Carlo error and no seed.
 */
export const exactMedianP = (
  x: Numbers,
  y: Numbers,
  alternative: Alternative,
  hypothesis: NullHypothesis,
): TestResult => {
  if (x.length + y.length > largest) {
    throw new RangeError(`Exact p is for at most ${largest} values, found ${x.length + y.length}: give resamples.`);
  }
  const [first, second] = [median(x), median(y)];
  const statistic = first - second;
  const pool = hypothesis === 'pooled' ? [...Array.from(x), ...Array.from(y)] : null;
  const a = medianDistribution(pool ?? x, x.length);
  const b = medianDistribution(pool ?? y, y.length);
  const centre = pool ? 0 : statistic;
  // Ties by an ulp must count as reached.
  const slack = 1e-12 * Math.max(1, Math.abs(first), Math.abs(second));
  const above = (t: number): number => gapAtLeast(a, b, t + centre - slack);
  const below = (t: number): number => gapAtLeast(negated(a), negated(b), -(t + centre) - slack);
  const size = Math.abs(statistic);
  const p = {
    greater: () => above(statistic),
    less: () => below(statistic),
    'two-sided': () => (size <= slack ? 1 : above(size) + below(-size)),
  }[alternative]();
  return {statistic, p: clipToOne(p)};
};

/** P(A − B ≥ t), by one walk along both: the larger A is, the more of B is far enough below it. */
const gapAtLeast = (a: Discrete, b: Discrete, t: number): number => {
  let [p, reached, next] = [0, 0, 0];
  for (let at = 0; at < a.values.length; at++) {
    while (next < b.values.length && a.values[at]! - b.values[next]! >= t) reached += b.probabilities[next++]!;
    p += a.probabilities[at]! * reached;
  }
  return p;
};

const negated = ({values, probabilities}: Discrete): Discrete => ({
  values: values.map(value => -value).reverse(),
  probabilities: probabilities.toReversed(),
});
