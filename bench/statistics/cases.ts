import {bootstrapInterval, bootstrapMedianTest, createRandom, mannWhitneyU, pairedBootstrap} from '../../src/stats.ts';

type Samples = readonly number[];

export interface Case {
  readonly name: string;
  readonly unit: 'us' | 'ms';
  readonly x: Samples;
  readonly y: Samples;
  ours(x: Samples, y: Samples): unknown;
  /** Peers and their names for it, in bench/peers/stats_scipy.py; null where the peer has no such thing, and why. */
  readonly peers: readonly {readonly peer: string; readonly request: string | null; readonly reason?: string}[];
}

/** Data are simulated, the same on both sides; either side computes the same statistic of as many resamples. */
export const cases = (): Case[] => {
  const random = createRandom('bench');
  const normals = (count: number, shift: number): number[] =>
    Array.from({length: count}, () => random.normal() + shift);
  const hits = (count: number, share: number): number[] =>
    Array.from({length: count}, () => (random.uniform() < share ? 1 : 0));
  const seeds = {x: normals(20, 0.8), y: normals(20, 0)};
  const tied = {x: seeds.x.map(value => Math.round(3 * value)), y: seeds.y.map(value => Math.round(3 * value))};
  const binary = {x: hits(5000, 0.8), y: hits(5000, 0.79)};
  const real = {x: normals(5000, 0.05), y: normals(5000, 0)};
  const exact: Case['ours'] = (x, y) => mannWhitneyU(x, y, {method: 'exact'});
  const interval =
    (statistic: 'mean' | 'median'): Case['ours'] =>
    (x, y) =>
      bootstrapInterval([x, y], statistic, {resamples: 100_000, method: 'percentile'});
  const paired: Case['ours'] = (x, y) => pairedBootstrap(x, y, {resamples: 10_000});
  const exactTies = "SciPy's exact test ignores ties: its p is another number";
  return [
    {
      name: 'exact Mann-Whitney 20x20',
      unit: 'us',
      ...seeds,
      ours: exact,
      peers: [{peer: 'scipy', request: 'mann-whitney'}],
    },
    {
      name: 'exact Mann-Whitney 20x20 with ties',
      unit: 'us',
      ...tied,
      ours: exact,
      peers: [{peer: 'scipy', request: null, reason: exactTies}],
    },
    {
      name: 'bootstrap of means 100000 x (20, 20)',
      unit: 'ms',
      ...seeds,
      ours: interval('mean'),
      peers: [
        {peer: 'numpy', request: 'means'},
        {peer: 'scipy.stats.bootstrap', request: 'means-scipy'},
      ],
    },
    {
      name: 'bootstrap of medians 100000 x (20, 20)',
      unit: 'ms',
      ...seeds,
      ours: interval('median'),
      peers: [{peer: 'numpy', request: 'medians'}],
    },
    {
      name: 'exact bootstrap test of medians 20x20',
      unit: 'ms',
      ...seeds,
      ours: (x, y) => bootstrapMedianTest(x, y, {resamples: 'exact'}),
      peers: [{peer: 'numpy, 10000 resamples', request: 'median-test'}],
    },
    {
      name: 'paired bootstrap 10000 x 5000, 0/1',
      unit: 'ms',
      ...binary,
      ours: paired,
      peers: [
        {peer: 'scipy.stats.bootstrap', request: 'paired-scipy'},
        {peer: 'numpy', request: 'paired'},
        {peer: 'numpy multinomial', request: 'paired-counts'},
      ],
    },
    {
      name: 'paired bootstrap 10000 x 5000, real',
      unit: 'ms',
      ...real,
      ours: paired,
      peers: [
        {peer: 'scipy.stats.bootstrap', request: 'paired-scipy'},
        {peer: 'numpy', request: 'paired'},
      ],
    },
  ];
};
