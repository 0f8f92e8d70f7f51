import {
  bootstrapMeanTest,
  bootstrapMedianTest,
  mannWhitneyU,
  permutationTest,
  wilcoxonSignedRank,
  type Numbers,
} from '../../src/stats.ts';

/** p of two arms' runs; `seed` differs from simulation to simulation. */
export type SimulatedTest = (x: Numbers, y: Numbers, seed: number) => number;

const resamples = 499;
const medians =
  (hypothesis: 'pooled' | 'recentred', alternative: 'two-sided' | 'greater'): SimulatedTest =>
  (x, y) =>
    bootstrapMedianTest(x, y, {null: hypothesis, alternative, resamples: 'exact'}).p;
const means =
  (hypothesis: 'pooled' | 'recentred', studentized: boolean): SimulatedTest =>
  (x, y, seed) =>
    bootstrapMeanTest(x, y, {null: hypothesis, studentized, resamples, seed}).p;

/** Medians are resampled exactly, which is the limit of many resamples. */
export const tests: Readonly<Record<string, SimulatedTest>> = {
  'Mann-Whitney, exact': (x, y) => mannWhitneyU(x, y, {method: 'exact'}).p,
  'Mann-Whitney, asymptotic': (x, y) => mannWhitneyU(x, y, {method: 'asymptotic'}).p,
  'Wilcoxon, exact': (x, y) => wilcoxonSignedRank(x, y, {method: 'exact'}).p,
  'Wilcoxon, asymptotic': (x, y) => wilcoxonSignedRank(x, y, {method: 'asymptotic'}).p,
  'permutation of means': (x, y, seed) => permutationTest(x, y, {resamples, seed}).p,
  'paired permutation of means': (x, y, seed) => permutationTest(x, y, {paired: true, resamples, seed}).p,
  'bootstrap of medians, re-centred': medians('recentred', 'two-sided'),
  'bootstrap of medians, re-centred, one-sided': medians('recentred', 'greater'),
  'bootstrap of medians, pooled': medians('pooled', 'two-sided'),
  'bootstrap of medians, pooled, one-sided': medians('pooled', 'greater'),
  'bootstrap of means, re-centred, studentised': means('recentred', true),
  'bootstrap of means, re-centred': means('recentred', false),
  'bootstrap of means, pooled': means('pooled', false),
};
