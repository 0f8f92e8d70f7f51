import type {BootstrapTestOptions} from './bootstrap-test.ts';

/**
 * What a bootstrap test over seeds does, in words to stand under a table: nothing about such a test is agreed upon, so a p
 * without its definition says little.
 */
export const bootstrapTestDefinition = (
  statistic: 'median' | 'mean',
  {alternative = 'two-sided', null: hypothesis = 'recentred', resamples = 10_000}: BootstrapTestOptions = {},
): string => {
  const plural = `${statistic}s`;
  const source = {
    recentred: `each arm's scores with replacement after shifting them so that both ${plural} are equal`,
    pooled: 'both arms with replacement from the scores of both together',
  }[hypothesis];
  const extreme = {
    'two-sided': 'at least as large as the observed one in absolute value',
    greater: 'at least as large as the observed one',
    less: 'at most as large as the observed one',
  }[alternative];
  const p =
    resamples === 'exact'
      ? `p is the probability, computed without drawing, that a resample's difference of ${plural} is ${extreme}`
      : `p is (1 + the number of resamples whose difference of ${plural} is ${extreme}) / ${grouped(resamples + 1)}`;
  const sides = alternative === 'two-sided' ? 'two-sided' : `one-sided (${alternative})`;
  const drawn = resamples === 'exact' ? 'All' : grouped(resamples);
  return `Bootstrap test of the difference of ${plural} over seeds, ${sides}. ${drawn} resamples draw ${source}; ${p}.`;
};

/** 10000 → 10,000, in every locale. */
const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
