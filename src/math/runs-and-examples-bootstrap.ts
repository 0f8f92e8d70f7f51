import {mean, quantileOfSorted} from './descriptive.ts';
import {recentredP} from './paired-bootstrap.ts';
import {createRandom} from './random.ts';
import {type Alternative, checkCount, checkShare} from './samples.ts';
import type {WeightedMetric} from './weighted-metrics.ts';

export interface RunsAndExamplesOptions {
  readonly alternative?: Alternative;
  readonly resamples?: number;
  readonly confidence?: number;
  readonly seed?: number | string;
  /** Run i of both sides shares its seed: draw the same runs from both. Needs as many runs on both sides. */
  readonly pairedRuns?: boolean;
}

/**
 * Bootstrap of the difference of mean scores of two arms over both sources of variance, runs (seeds) and examples
 * (Bouthillier et al. 2021): each resample draws runs of either arm with replacement and, once for all of them, the
 * examples, which both arms were scored on. An interval from seeds alone says nothing of another test set; one from
 * examples alone nothing of another training.
 *
 * p is that of the re-centred distribution, as for `pairedBootstrap`; low and high are percentiles. With one run an arm's
 * variance over seeds is not seen, so the interval is that over examples.
 *
 * @param a the metric of each run of the first arm, a function of how often each example counts
 * @param examples how many examples there are
 */
export const runsAndExamplesBootstrap = (
  a: readonly WeightedMetric[],
  b: readonly WeightedMetric[],
  examples: number,
  options: RunsAndExamplesOptions = {},
): {statistic: number; p: number; low: number; high: number} => {
  const {alternative = 'two-sided', resamples = 2000, confidence = 0.95, seed = 0, pairedRuns = false} = options;
  checkCount('examples', examples);
  checkCount('resamples', resamples);
  checkShare('confidence', confidence);
  if (a.length === 0 || b.length === 0) throw new RangeError('Both arms need at least one run.');
  if (pairedRuns && a.length !== b.length) {
    throw new RangeError(`Paired runs need as many on both sides, found ${a.length} and ${b.length}.`);
  }
  const random = createRandom(seed);
  const drawnExamples = new Int32Array(examples);
  const counts = new Int32Array(examples);
  const [runsOfA, runsOfB] = [new Int32Array(a.length), new Int32Array(b.length)];
  const differences = Float64Array.from({length: resamples}, () => {
    random.integers(drawnExamples, examples);
    counts.fill(0);
    for (let at = 0; at < examples; at++) counts[drawnExamples[at]!]!++;
    random.integers(runsOfA, a.length);
    if (pairedRuns) runsOfB.set(runsOfA);
    else random.integers(runsOfB, b.length);
    return meanOfRuns(a, runsOfA, counts) - meanOfRuns(b, runsOfB, counts);
  }).sort();
  const once = new Int32Array(examples).fill(1);
  const statistic = mean(a.map(run => run(once))) - mean(b.map(run => run(once)));
  const tail = (1 - confidence) / 2;
  return {
    statistic,
    p: recentredP(differences, statistic, alternative),
    low: quantileOfSorted(differences, tail),
    high: quantileOfSorted(differences, 1 - tail),
  };
};

/** A run drawn several times is scored once. */
const meanOfRuns = (runs: readonly WeightedMetric[], drawn: Int32Array, counts: Int32Array): number => {
  let sum = 0;
  for (let which = 0; which < runs.length; which++) {
    let times = 0;
    for (let at = 0; at < drawn.length; at++) if (drawn[at] === which) times++;
    if (times > 0) sum += times * runs[which]!(counts);
  }
  return sum / drawn.length;
};
