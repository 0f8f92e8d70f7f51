/**
 * `distill-pipeline/stats`: the statistics of the reports, for use elsewhere. Samples are number arrays or typed arrays;
 * p values, intervals and draws depend on the arguments and the seed alone. Formulas, sources and what happens to empty,
 * constant and non-finite samples stand with each function.
 */
export {accuracy, f1, matthews, pearson, spearman} from './math/metrics.ts';
export {mannWhitneyU, type MannWhitneyOptions, type MannWhitneyResult} from './math/mann-whitney.ts';
export {wilcoxonSignedRank, type WilcoxonOptions, type WilcoxonResult} from './math/wilcoxon.ts';
export {permutationTest, type PermutationTestOptions} from './math/permutation-test.ts';
export {
  bootstrapInterval,
  type BootstrapIntervalOptions,
  type Interval,
  type Statistic,
} from './math/bootstrap-interval.ts';
export {bootstrapMedianTest, type BootstrapTestOptions, type TestResult} from './math/bootstrap-test.ts';
export {pairedBootstrap, type PairedBootstrapOptions, type PairedBootstrapResult} from './math/paired-bootstrap.ts';
export {runsAndExamplesBootstrap, type RunsAndExamplesOptions} from './math/runs-and-examples-bootstrap.ts';
export {a12, cliffsDelta} from './math/effect-size.ts';
export {benjaminiHochberg, benjaminiYekutieli, holm} from './math/correction.ts';
export {interquartileMean, probabilityOfImprovement} from './math/aggregates.ts';
export {
  almostStochasticOrder,
  type StochasticOrderOptions,
  type StochasticOrderResult,
} from './math/stochastic-order.ts';
export {normalCdf, normalQuantile} from './math/normal.ts';
export {createRandom, type Random, type RandomState} from './math/random.ts';
export type {Numbers} from './math/ranks.ts';
export type {Alternative, TestMethod} from './math/samples.ts';
