import {mean, median} from './descriptive.ts';
import {drawMeanGaps, drawMeans} from './draw-sums.ts';
import {medianDistribution} from './median-distribution.ts';
import type {Random} from './random.ts';
import type {Numbers} from './ranks.ts';
import {createResampler} from './resample.ts';
import {createSampler} from './sample-table.ts';
import {checkPaired} from './samples.ts';
import type {Statistic} from './statistic.ts';

/** Of one sample, or of two the difference, first − second. */
export type NamedStatistic = 'mean' | 'median';

export const functionOf = (name: NamedStatistic, samples: readonly Numbers[]): Statistic => {
  if (samples.length > 2) throw new RangeError(`"${name}" is of one sample or two, found ${samples.length}.`);
  const of = name === 'mean' ? mean : median;
  return samples.length === 1 ? x => of(x) : (x, y) => of(x) - of(y);
};

/** The statistics of so many resamples. */
export const namedStatistics = (
  name: NamedStatistic,
  samples: readonly Numbers[],
  paired: boolean,
  resamples: number,
  random: Random,
): Float64Array => {
  const statistic = functionOf(name, samples);
  const [x, y] = samples as [Numbers, Numbers?];
  if (y === undefined) return resampled(name, x, resamples, random);
  if (!paired && name === 'mean') {
    return drawMeanGaps(Float64Array.from(x), Float64Array.from(y), [x.length, y.length], resamples, random);
  }
  if (!paired) {
    const first = resampled(name, x, resamples, random);
    const second = resampled(name, y, resamples, random);
    for (let at = 0; at < resamples; at++) first[at]! -= second[at]!;
    return first;
  }
  checkPaired(x, y);
  // The difference of the means of pairs is the mean of their differences; that of medians is not.
  if (name === 'mean')
    return resampled(
      name,
      Float64Array.from(x, (value, at) => value - y[at]!),
      resamples,
      random,
    );
  const resampler = createResampler(samples, random, true);
  return Float64Array.from({length: resamples}, () => statistic(...resampler()));
};

/** More values have more pairs of middle values than are worth a table. */
const largestMedianTable = 300;

const resampled = (name: NamedStatistic, sample: Numbers, resamples: number, random: Random): Float64Array => {
  const size = sample.length;
  if (name === 'mean') return drawMeans(Float64Array.from(sample), resamples, random);
  if (size <= largestMedianTable) {
    const {values, probabilities} = medianDistribution(sample, size);
    const draw = createSampler(probabilities, random);
    const medians = new Float64Array(resamples);
    for (let at = 0; at < resamples; at++) medians[at] = values[draw()]!;
    return medians;
  }
  const resampler = createResampler([sample], random, false);
  return Float64Array.from({length: resamples}, () => median(resampler()[0]!));
};
