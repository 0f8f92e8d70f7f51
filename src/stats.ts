/**
 * `distill-pipeline/stats`: the statistics of the reports, for use elsewhere. Samples are number arrays or typed arrays;
 * p values, intervals and draws depend on the arguments and the seed alone. Formulas, sources and what happens to empty,
 * constant and non-finite samples stand with each function, an overview in docs/statistics.md.
 */
// Metrics of predictions
export {accuracy, f1, matthews, pearson, spearman} from './math/metrics.ts';

// Two samples: rank tests, permutations, effect sizes
export {mannWhitneyU, type MannWhitneyOptions, type MannWhitneyResult} from './math/mann-whitney.ts';
export {wilcoxonSignedRank, type WilcoxonOptions, type WilcoxonResult} from './math/wilcoxon.ts';
export {permutationTest, type PermutationTestOptions} from './math/permutation-test.ts';
export {a12, cliffsDelta} from './math/effect-size.ts';
export {a12Interval, cliffsDeltaInterval, type EffectIntervalOptions} from './math/effect-interval.ts';

// Bootstrap over seeds
export {
  bootstrapMeanTest,
  type BootstrapMeanTestOptions,
  bootstrapMedianTest,
  type BootstrapTestOptions,
} from './math/bootstrap-test.ts';
export {bootstrapTestDefinition} from './math/bootstrap-definition.ts';
export {bootstrapInterval, type BootstrapIntervalOptions} from './math/bootstrap-interval.ts';
export {type Discrete, medianDistribution} from './math/median-distribution.ts';

// Two systems on the same examples, and both sources of variance
export {pairedBootstrap, type PairedBootstrapOptions, type PairedBootstrapResult} from './math/paired-bootstrap.ts';
export {mcnemar, type McNemarOptions, type McNemarResult} from './math/mcnemar.ts';
export {runsAndExamplesBootstrap, type RunsAndExamplesOptions} from './math/runs-and-examples-bootstrap.ts';
export {
  weightedAccuracy,
  weightedF1,
  weightedMatthews,
  weightedPearson,
  weightedSpearman,
  type WeightedMetric,
} from './math/weighted-metrics.ts';

// Several comparisons, several tasks
export {benjaminiHochberg, benjaminiYekutieli, holm} from './math/correction.ts';
export {replicability, type ReplicabilityOptions, type ReplicabilityResult} from './math/replicability.ts';
export {friedman, type FriedmanResult, nemenyi, type NemenyiResult} from './math/friedman.ts';
export {
  interquartileMean,
  meanOfTasks,
  medianOfTasks,
  optimalityGap,
  probabilityOfImprovement,
} from './math/aggregates.ts';
export {stratifiedInterval, type StratifiedOptions, type TableStatistic} from './math/stratified-bootstrap.ts';
export {performanceProfile, type ProfilePoint} from './math/performance-profile.ts';
export {
  almostStochasticOrder,
  type StochasticOrderOptions,
  type StochasticOrderResult,
} from './math/stochastic-order.ts';

// What these numbers of runs can show
export {type PowerOptions, smallestDifference, tTestPower} from './math/power.ts';
export {type RankPowerOptions, rankTestPower, smallestRankDifference} from './math/rank-test-power.ts';
export {strayWarning} from './math/stray-warning.ts';

// Distributions and random numbers
export {normalCdf, normalQuantile} from './math/normal.ts';
export {createRandom, type Random, type RandomState} from './math/random.ts';

export type {Numbers} from './math/ranks.ts';
export type {Alternative, NullHypothesis, RankTestOptions, RankTestResult, TestMethod} from './math/samples.ts';
export type {ScoreTable} from './math/score-table.ts';
export type {NamedStatistic} from './math/named-statistic.ts';
export type {Interval, Statistic, TestResult} from './math/statistic.ts';
