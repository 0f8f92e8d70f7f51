import {a12Interval, bootstrapInterval, type Interval, normalCdf, type Numbers, type Random} from '../../src/stats.ts';
import {draw, type Shape} from './scores.ts';

/** An interval of a nominal 95 %, and whether it holds the truth. */
export interface CoverageCase {
  readonly name: string;
  readonly shape: Shape;
  readonly covers: (n: number, random: Random, seed: number) => boolean;
}

const holds = ({low, high}: Interval, truth: number): boolean => low <= truth && truth <= high;
const resamples = 499;
const methods = ['percentile', 'basic', 'bca', 'studentized'] as const;

/** The means of normal numbers and of squares of them. */
const truths = {normal: 0, skewed: 1} as const;

const ofMeans: CoverageCase[] = (['normal', 'skewed'] as const).flatMap(shape =>
  methods.map(method => ({
    name: `mean, ${method}`,
    shape,
    covers: (n: number, random: Random, seed: number) =>
      holds(bootstrapInterval(draw(shape, n, random), 'mean', {method, resamples, seed}), truths[shape]),
  })),
);

const ofMedianGaps: CoverageCase[] = (['normal', 'skewed'] as const).map(shape => ({
  name: 'difference of medians, percentile',
  shape,
  covers: (n, random, seed) => {
    const samples: Numbers[] = [draw(shape, n, random), draw(shape, n, random)];
    return holds(bootstrapInterval(samples, 'median', {method: 'percentile', resamples, seed}), 0);
  },
}));

/** Normal scores one standard deviation apart: A12 = Φ(1/√2). */
const ofEffects: CoverageCase[] = (['newcombe', 'brunner-munzel'] as const).map(method => ({
  name: `A12 of .76, ${method}`,
  shape: 'normal',
  covers: (n, random) => {
    const x = draw('normal', n, random).map(value => value + 1);
    return holds(a12Interval(x, draw('normal', n, random), {method}), normalCdf(Math.SQRT1_2));
  },
}));

export const coverageCases: readonly CoverageCase[] = [...ofMeans, ...ofMedianGaps, ...ofEffects];
